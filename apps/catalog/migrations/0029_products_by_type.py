from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("catalog", "0028_variants_by_sku_in_any_case")]

    operations = [AddIndexConcurrently("product", models.Index(fields=["product_type"], name="idx_products_type"))]
