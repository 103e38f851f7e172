from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

from apps.core.sql import RunSQLFile

SQL = Path(__file__).parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("catalog", "0010_boosts_by_word")]

    operations = [
        migrations.CreateModel(
            name="CategoryAncestor",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "ancestor_id", "category_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "ancestor",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="below",
                        to="catalog.category",
                    ),
                ),
                (
                    "category",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="above",
                        to="catalog.category",
                    ),
                ),
                ("distance", models.SmallIntegerField()),
                ("is_shown", models.BooleanField()),
            ],
            options={
                "db_table": "category_ancestors",
                "indexes": [models.Index(fields=["category"], name="idx_category_ancestors_category")],
            },
        ),
        RunSQLFile(SQL, "0011_category_tree_keeps_its_ancestors"),
    ]
