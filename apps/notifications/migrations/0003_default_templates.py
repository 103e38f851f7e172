"""The templates that come with the program; a template that staff wrote meanwhile is left alone."""

from pathlib import Path

from django.db import migrations

ORDER_CONFIRMATION = Path(__file__).resolve().parent.parent / "defaults" / "order_confirmation" / "en"


def load(apps, schema_editor):
    apps.get_model("notifications", "Template").objects.using(schema_editor.connection.alias).get_or_create(
        code="order_confirmation",
        language="en",
        defaults={
            "subject": (ORDER_CONFIRMATION / "subject.txt").read_text(encoding="utf-8").strip(),
            "text": (ORDER_CONFIRMATION / "text.txt").read_text(encoding="utf-8"),
            "html": (ORDER_CONFIRMATION / "html.html").read_text(encoding="utf-8"),
        },
    )


class Migration(migrations.Migration):
    dependencies = [("notifications", "0002_rules")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
