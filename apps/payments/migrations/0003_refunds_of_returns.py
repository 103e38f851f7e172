"""Refunds of returns: held before they are asked of the gateway, and known by the receipt of the goods."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0002_rules"),
    ]

    operations = [
        migrations.AddField(
            model_name="refund",
            name="receipt_id",
            field=models.UUIDField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="refund",
            name="return_id",
            field=models.UUIDField(blank=True, help_text="empty where an order was undone", null=True),
        ),
        migrations.AddField(
            model_name="refund",
            name="tries",
            field=models.IntegerField(db_default=1, default=1, help_text="how often the gateway was to be asked"),
        ),
        migrations.AlterField(
            model_name="refund",
            name="effect_id",
            field=models.UUIDField(blank=True, help_text="the gateway's key", null=True),
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
                ],
                max_length=20,
            ),
        ),
    ]
