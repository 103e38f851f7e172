"""Who searches for a thing gets the thing before what is made for it, unless the shop says otherwise in the admin."""

from pathlib import Path

from django.db import migrations, models

from apps.core.sql import RunSQLFile

SQL = Path(__file__).resolve().parent.parent / "sql"
# Words of the names of accessories.
LOWERED = (
    *("accessory", "adapter", "battery", "bracket", "case", "charger", "cover", "cradle", "dock", "docking"),
    *("holder", "mount", "pouch", "protector", "replacement", "skin", "sleeve", "spare", "stand", "strap"),
)
FACTOR = 0.8


def lower_accessories(apps, schema_editor):
    model = apps.get_model("catalog", "SearchBoost")
    boosts = [model(word=word, factor=FACTOR) for word in LOWERED]
    model.objects.using(schema_editor.connection.alias).bulk_create(boosts)


class Migration(migrations.Migration):
    dependencies = [("catalog", "0009_default_synonyms")]

    operations = [
        migrations.AddField(
            model_name="searchboost",
            name="word",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="in the product's name and not in the query",
                max_length=100,
            ),
        ),
        RunSQLFile(SQL, "0010_search_boost_has_one_target"),
        migrations.RunPython(lower_accessories, migrations.RunPython.noop),
    ]
