"""A dead letter is waived by two people with a reason, or not at all; made while the shop is open."""

from django.contrib.postgres.operations import AddConstraintNotValid, ValidateConstraint
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("sagas", "0010_steps_are_given_up")]

    operations = [
        migrations.RemoveConstraint(
            model_name="sagadeadletter",
            name="waiver_names_who_and_why",
        ),
        AddConstraintNotValid(
            model_name="sagadeadletter",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "waived"), _negated=True),
                    models.Q(
                        ("approved_by__isnull", False),
                        ("reason__isnull", False),
                        ("resolved_by__isnull", False),
                        models.Q(("resolved_by__iexact", models.F("approved_by")), _negated=True),
                        models.Q(("reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="waiver_is_by_two_people",
            ),
        ),
        ValidateConstraint("sagadeadletter", "waiver_is_by_two_people"),
    ]
