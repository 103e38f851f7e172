from pathlib import Path

from django.db import migrations

from apps.core.sql import RunSQLFile

SQL = Path(__file__).parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("sagas", "0005_suspects_are_found_at_every_claim")]

    operations = [RunSQLFile(SQL, "0006_saga_events_are_sealed")]
