from pathlib import Path

from django.db import migrations

from apps.core.sql import RunSQLFile

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_update_updated_at_column")]

    operations = [RunSQLFile(SQL, "0003_rows_die_with_their_owner")]
