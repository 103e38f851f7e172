"""A mail about a return, and its words; a template that staff wrote meanwhile is left alone."""

from pathlib import Path

from django.db import migrations, models

RETURN_CLOSED = Path(__file__).resolve().parent.parent / "defaults" / "return_closed" / "en"


def load(apps, schema_editor):
    apps.get_model("notifications", "Template").objects.using(schema_editor.connection.alias).get_or_create(
        code="return_closed",
        language="en",
        defaults={
            "subject": (RETURN_CLOSED / "subject.txt").read_text(encoding="utf-8").strip(),
            "text": (RETURN_CLOSED / "text.txt").read_text(encoding="utf-8"),
            "html": (RETURN_CLOSED / "html.html").read_text(encoding="utf-8"),
        },
    )


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0004_password_reset"),
    ]

    operations = [
        migrations.AddField(
            model_name="message",
            name="return_id",
            field=models.UUIDField(blank=True, help_text="empty for mails that are about no return", null=True),
        ),
        migrations.AlterField(
            model_name="message",
            name="kind",
            field=models.CharField(
                choices=[
                    ("order_confirmation", "Order confirmation"),
                    ("password_reset", "Password reset"),
                    ("return_closed", "Return closed"),
                ],
                max_length=50,
            ),
        ),
        migrations.AlterField(
            model_name="template",
            name="code",
            field=models.CharField(
                choices=[
                    ("order_confirmation", "Order confirmation"),
                    ("password_reset", "Password reset"),
                    ("return_closed", "Return closed"),
                ],
                max_length=50,
            ),
        ),
        migrations.RunPython(load, migrations.RunPython.noop),
    ]
