from pathlib import Path

from django.db import migrations

from apps.core.sql import RunSQLFile

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("catalog", "0003_uuid_v7")]

    operations = [RunSQLFile(SQL, "0004_product_rating_follows_reviews")]
