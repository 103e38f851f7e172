from pathlib import Path

from django.db import migrations

from apps.core.sql import RunSQLFile

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("catalog", "0001_initial")]

    operations = [
        RunSQLFile(SQL, "0002_references"),
        RunSQLFile(SQL, "0002_update_updated_at_column"),
        RunSQLFile(SQL, "0002_update_product_search_vector"),
        RunSQLFile(SQL, "0002_category_tree_has_no_cycle"),
        RunSQLFile(SQL, "0002_product_totals_follow_variants"),
        RunSQLFile(SQL, "0002_initial_stock_is_a_movement"),
        RunSQLFile(SQL, "0002_stock_updates_stay_in_page"),
    ]
