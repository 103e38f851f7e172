"""What only SQL can say of returns."""

from pathlib import Path

from django.db import migrations

from apps.core.sql import RunSQLFile

SQL = Path(__file__).parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("orders", "0004_returns")]

    operations = [
        RunSQLFile(SQL, "0005_return_numbers_come_from_a_sequence"),
        RunSQLFile(SQL, "0005_returns_go_with_their_order"),
    ]
