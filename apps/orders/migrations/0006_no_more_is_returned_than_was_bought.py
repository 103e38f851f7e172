"""A line comes back at most once: checked of new rows at once, then of those that were there before."""

from django.contrib.postgres.operations import AddConstraintNotValid, ValidateConstraint
from django.db import migrations, models


class Migration(migrations.Migration):
    # Two transactions, so that the second reads the table without holding the lock of the first.
    atomic = False
    dependencies = [("orders", "0005_rules_of_returns")]

    operations = [
        AddConstraintNotValid(
            model_name="orderlineitem",
            constraint=models.CheckConstraint(
                condition=models.Q(("returned_quantity__gte", 0), ("returned_quantity__lte", models.F("quantity"))),
                name="no_more_is_returned_than_was_bought",
            ),
        ),
        ValidateConstraint("orderlineitem", "no_more_is_returned_than_was_bought"),
    ]
