"""Why stock was adjusted: a word from a list, checked of new rows at once, then of those that were there before."""

from django.contrib.postgres.operations import AddConstraintNotValid, ValidateConstraint
from django.db import migrations, models
from django.db.models import Q

REASONS = ["damaged", "expired", "lost", "found", "given_away", "count", "correction"]


class Migration(migrations.Migration):
    # Several transactions, so that the last reads the table without holding the locks of the others.
    atomic = False

    dependencies = [("catalog", "0014_idempotency_records")]

    operations = [
        migrations.AddField(
            "inventorymovement",
            "reason",
            models.CharField(
                max_length=20,
                null=True,
                blank=True,
                choices=[
                    ("damaged", "Damaged"),
                    ("expired", "Expired"),
                    ("lost", "Lost"),
                    ("found", "Found"),
                    ("given_away", "given away"),
                    ("count", "Count"),
                    ("correction", "Correction"),
                ],
            ),
        ),
        AddConstraintNotValid(
            "inventorymovement",
            models.CheckConstraint(
                condition=Q(("reason__isnull", True), ("reason__in", REASONS), _connector="OR"),
                name="movement_reason_is_known",
            ),
        ),
        ValidateConstraint("inventorymovement", "movement_reason_is_known"),
    ]
