from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("catalog", "0015_movements_say_why")]

    operations = [
        AddIndexConcurrently(
            "inventorymovement",
            models.Index(fields=["product_variant", "created_at", "id"], name="idx_inventory_movements_recent"),
        ),
        # The new one begins with the same column.
        RemoveIndexConcurrently("inventorymovement", "idx_inventory_movements_variant"),
    ]
