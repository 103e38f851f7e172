from pathlib import Path

import django.contrib.postgres.functions
import django.contrib.postgres.indexes
import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

import apps.core.ids
from apps.core.sql import RunSQLFile

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0004_product_rating_follows_reviews"),
    ]

    operations = [
        RunSQLFile(SQL, "0005_words_of_a_search"),
        RunSQLFile(SQL, "0005_update_product_search_vector"),
        migrations.CreateModel(
            name="SearchBoost",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        db_default=django.contrib.postgres.functions.RandomUUID(),
                        default=apps.core.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow(), editable=False),
                ),
                (
                    "updated_at",
                    models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow(), editable=False),
                ),
                (
                    "query",
                    models.CharField(
                        blank=True,
                        db_default="",
                        default="",
                        help_text="the whole query; empty for every query",
                        max_length=100,
                    ),
                ),
                ("vendor", models.CharField(blank=True, db_default="", default="", max_length=255)),
                ("product_type", models.CharField(blank=True, db_default="", default="", max_length=100)),
                ("tag", models.CharField(blank=True, db_default="", default="", max_length=255)),
                (
                    "factor",
                    models.FloatField(
                        default=2,
                        help_text="what the score is multiplied by: 2 raises, 0.5 lowers",
                        validators=[
                            django.core.validators.MinValueValidator(0.01),
                            django.core.validators.MaxValueValidator(100),
                        ],
                    ),
                ),
                ("is_active", models.BooleanField(db_default=True, default=True)),
                ("query_key", models.CharField(db_default="", editable=False, max_length=255)),
            ],
            options={
                "db_table": "search_boosts",
            },
        ),
        migrations.CreateModel(
            name="SearchSynonym",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        db_default=django.contrib.postgres.functions.RandomUUID(),
                        default=apps.core.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow(), editable=False),
                ),
                (
                    "updated_at",
                    models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow(), editable=False),
                ),
                ("phrase", models.CharField(help_text="what customers search for: a word, or several", max_length=100)),
                ("meaning", models.CharField(help_text="what they find as well", max_length=100)),
                (
                    "both_ways",
                    models.BooleanField(
                        db_default=True, default=True, help_text="who searches for the meaning finds the phrase, too"
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        db_default="english",
                        default="english",
                        help_text="a text search configuration of PostgreSQL",
                        max_length=63,
                    ),
                ),
                ("is_active", models.BooleanField(db_default=True, default=True)),
                ("phrase_key", models.CharField(db_default="", editable=False, max_length=255)),
                ("meaning_key", models.CharField(db_default="", editable=False, max_length=255)),
            ],
            options={
                "db_table": "search_synonyms",
            },
        ),
        migrations.CreateModel(
            name="SearchWord",
            fields=[
                ("word", models.CharField(max_length=101, primary_key=True, serialize=False)),
                ("products", models.IntegerField()),
            ],
            options={
                "db_table": "search_words",
            },
        ),
        migrations.AddField(
            model_name="product",
            name="search_tier",
            field=models.SmallIntegerField(db_default=1, default=1, editable=False),
        ),
        migrations.AddField(
            model_name="searchboost",
            name="category",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="catalog.category",
            ),
        ),
        migrations.AddField(
            model_name="searchboost",
            name="product",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="catalog.product",
            ),
        ),
        migrations.AddIndex(
            model_name="searchsynonym",
            index=models.Index(fields=["phrase_key"], name="idx_search_synonyms_phrase"),
        ),
        migrations.AddIndex(
            model_name="searchsynonym",
            index=models.Index(fields=["meaning_key"], name="idx_search_synonyms_meaning"),
        ),
        migrations.AddConstraint(
            model_name="searchsynonym",
            constraint=models.UniqueConstraint(fields=("phrase", "meaning"), name="search_synonym_is_said_once"),
        ),
        migrations.AddIndex(
            model_name="searchword",
            index=django.contrib.postgres.indexes.GistIndex(
                django.contrib.postgres.indexes.OpClass("word", "gist_trgm_ops"),
                condition=models.Q(("word__startswith", "=")),
                name="idx_search_words_like",
            ),
        ),
        migrations.AddIndex(
            model_name="searchboost",
            index=models.Index(fields=["query_key"], name="idx_search_boosts_query"),
        ),
        migrations.AddConstraint(
            model_name="searchboost",
            constraint=models.CheckConstraint(
                condition=models.Q(("factor__gt", 0)), name="search_boost_keeps_scores_positive"
            ),
        ),
        RunSQLFile(SQL, "0005_search_phrases_are_kept_as_stems"),
        RunSQLFile(SQL, "0005_search_boost_has_one_target"),
    ]
