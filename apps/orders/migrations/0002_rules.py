"""The rules of orders that only SQL can say."""

from pathlib import Path

from django.db import migrations

from apps.core.sql import RunSQLFile

SQL = Path(__file__).parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("orders", "0001_initial")]

    operations = [
        RunSQLFile(SQL, "0002_order_numbers_come_from_a_sequence"),
        RunSQLFile(SQL, "0002_updated_at_is_the_time_of_the_last_change"),
        RunSQLFile(SQL, "0002_parts_go_with_their_whole"),
        RunSQLFile(SQL, "0002_lines_are_found_by_their_product"),
    ]
