from pathlib import Path

from django.db import migrations

from apps.core.sql import RunSQLFile

SQL = Path(__file__).parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("sagas", "0001_initial")]

    operations = [RunSQLFile(SQL, "0002_saga_events_are_append_only")]
