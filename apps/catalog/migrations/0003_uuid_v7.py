from pathlib import Path

from django.db import migrations

from apps.core.sql import RunSQLFile

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("catalog", "0002_rules")]

    operations = [RunSQLFile(SQL, "0003_uuid_v7")]
