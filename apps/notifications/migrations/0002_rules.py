from pathlib import Path

from django.db import migrations

from apps.core.sql import RunSQLFile

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("notifications", "0001_initial")]

    operations = [
        RunSQLFile(SQL, "0002_update_updated_at_column"),
        RunSQLFile(SQL, "0002_message_is_handed_over_once"),
    ]
