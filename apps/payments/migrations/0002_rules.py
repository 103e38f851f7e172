from pathlib import Path

from django.db import migrations

from apps.core.sql import RunSQLFile

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("payments", "0001_initial")]

    operations = [
        RunSQLFile(SQL, "0002_update_updated_at_column"),
        RunSQLFile(SQL, "0002_payment_ledger_is_append_only"),
        RunSQLFile(SQL, "0002_payment_attempt_follows_its_states"),
    ]
