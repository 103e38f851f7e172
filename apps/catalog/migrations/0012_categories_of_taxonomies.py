from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalog", "0011_category_ancestors")]
    safe_because = "the index over a shop's categories, thousands at the most, is built in milliseconds"

    operations = [
        migrations.AddField(
            "category", "taxonomy", models.CharField(max_length=50, null=True, blank=True, editable=False)
        ),
        migrations.AddField(
            "category", "taxonomy_id", models.CharField(max_length=100, null=True, blank=True, editable=False)
        ),
        migrations.AddField(
            "category", "taxonomy_name", models.CharField(max_length=255, null=True, blank=True, editable=False)
        ),
        migrations.AddField(
            "category", "taxonomy_parent_id", models.CharField(max_length=100, null=True, blank=True, editable=False)
        ),
        migrations.AddConstraint(
            "category",
            models.UniqueConstraint(fields=["taxonomy", "taxonomy_id"], name="taxonomy_category_is_one_category"),
        ),
    ]
