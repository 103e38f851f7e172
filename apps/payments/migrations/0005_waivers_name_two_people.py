"""Money that is not paid back: which two people decided so, and when the ledger noted it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0004_rules_of_refunds"),
    ]

    operations = [
        migrations.AddField(
            model_name="ledgerline",
            name="approved_by",
            field=models.CharField(blank=True, max_length=100, null=True),
        ),
        migrations.AddField(
            model_name="ledgerline",
            name="proposed_by",
            field=models.CharField(blank=True, max_length=100, null=True),
        ),
        migrations.AddField(
            model_name="paymentattempt",
            name="waived_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name="refund",
            name="state",
            field=models.CharField(
                choices=[
                    ("held", "Held"),
                    ("released", "Released"),
                    ("calling", "Calling"),
                    ("succeeded", "Succeeded"),
                    ("waived", "Waived"),
                ],
                max_length=20,
            ),
        ),
    ]
