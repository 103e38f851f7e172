"""A second kind of mail, and its words; a template that staff wrote meanwhile is left alone."""

from pathlib import Path

from django.db import migrations, models

PASSWORD_RESET = Path(__file__).resolve().parent.parent / "defaults" / "password_reset" / "en"
KINDS = [("order_confirmation", "Order confirmation"), ("password_reset", "Password reset")]


def load(apps, schema_editor):
    apps.get_model("notifications", "Template").objects.using(schema_editor.connection.alias).get_or_create(
        code="password_reset",
        language="en",
        defaults={
            "subject": (PASSWORD_RESET / "subject.txt").read_text(encoding="utf-8").strip(),
            "text": (PASSWORD_RESET / "text.txt").read_text(encoding="utf-8"),
            "html": (PASSWORD_RESET / "html.html").read_text(encoding="utf-8"),
        },
    )


class Migration(migrations.Migration):
    dependencies = [("notifications", "0003_default_templates")]

    operations = [
        migrations.AlterField("message", "kind", models.CharField(choices=KINDS, max_length=50)),
        migrations.AlterField("template", "code", models.CharField(choices=KINDS, max_length=50)),
        migrations.RunPython(load, migrations.RunPython.noop),
    ]
