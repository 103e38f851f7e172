from pathlib import Path
from uuid import UUID

from django.db import migrations, models

from apps.core.sql import RunSQLFile

SQL = Path(__file__).parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("catalog", "0017_price_changes")]

    operations = [
        migrations.CreateModel(
            name="SalesCounted",
            fields=[
                ("id", models.SmallIntegerField(db_default=1, default=1, primary_key=True, serialize=False)),
                ("until", models.UUIDField(db_default=UUID(int=0), default=UUID(int=0))),
            ],
            options={
                "db_table": "sales_counted",
                "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="sales_are_counted_once")],
            },
        ),
        RunSQLFile(SQL, "0018_counts_are_no_change"),
    ]
