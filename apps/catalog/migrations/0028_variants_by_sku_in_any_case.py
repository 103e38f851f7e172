from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models.functions import Upper


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("catalog", "0027_movements_of_counts")]

    operations = [
        AddIndexConcurrently("productvariant", models.Index(Upper("sku"), name="idx_variants_sku_in_any_case"))
    ]
