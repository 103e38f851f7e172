"""Who gives a step up: the proposal at its dead letter, the waiver at its saga, and which step a request is about."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("sagas", "0009_definitions_are_released"),
    ]

    operations = [
        migrations.AddField(
            model_name="archivedsaga",
            name="waivers",
            field=models.JSONField(blank=True, help_text="what two people gave up of it", null=True),
        ),
        migrations.AddField(
            model_name="sagadeadletter",
            name="proposed_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="sagadeadletter",
            name="proposed_by",
            field=models.CharField(blank=True, max_length=100, null=True),
        ),
        migrations.AddField(
            model_name="sagarequest",
            name="step",
            field=models.CharField(blank=True, max_length=100, null=True),
        ),
        migrations.AddField(
            model_name="sagatransaction",
            name="waivers",
            field=models.JSONField(blank=True, help_text="what two people gave up of it", null=True),
        ),
    ]
