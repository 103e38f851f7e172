from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("catalog", "0029_products_by_type")]

    operations = [
        AddIndexConcurrently("product", GinIndex(OpClass("options", "jsonb_path_ops"), name="idx_products_options"))
    ]
