from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalog", "0026_one_review_per_customer")]

    operations = [
        migrations.AddField(
            "inventorymovement",
            "counted_at",
            models.DateTimeField(
                null=True, blank=True, help_text="when the pieces were counted that this goes back to"
            ),
        ),
    ]
