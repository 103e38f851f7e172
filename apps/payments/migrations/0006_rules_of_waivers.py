"""The rules of waivers, made while the shop is open: two people and a reason, or no line."""

from django.contrib.postgres.operations import AddConstraintNotValid, ValidateConstraint
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("payments", "0005_waivers_name_two_people")]

    operations = [
        migrations.RemoveConstraint(
            model_name="refund",
            name="refund_state_is_known",
        ),
        migrations.RemoveConstraint(
            model_name="refund",
            name="asked_refund_has_its_key",
        ),
        AddConstraintNotValid(
            model_name="ledgerline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "waiver"), _negated=True),
                    models.Q(
                        ("approved_by__isnull", False),
                        ("proposed_by__isnull", False),
                        models.Q(("proposed_by__iexact", models.F("approved_by")), _negated=True),
                        models.Q(("reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="waiver_is_by_two_people",
            ),
        ),
        AddConstraintNotValid(
            model_name="paymentattempt",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("waived_at__isnull", True),
                    models.Q(("state__in", ["succeeded", "refunded"]), ("undo_asked_at__isnull", False)),
                    _connector="OR",
                ),
                name="only_what_is_undone_is_waived",
            ),
        ),
        AddConstraintNotValid(
            model_name="refund",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["held", "released", "calling", "succeeded", "waived"])),
                name="refund_state_is_known",
            ),
        ),
        AddConstraintNotValid(
            model_name="refund",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("effect_id__isnull", True), ("state__in", ["held", "released"])),
                    models.Q(("effect_id__isnull", False), ("state__in", ["calling", "succeeded", "waived"])),
                    _connector="OR",
                ),
                name="asked_refund_has_its_key",
            ),
        ),
        ValidateConstraint("ledgerline", "waiver_is_by_two_people"),
        ValidateConstraint("paymentattempt", "only_what_is_undone_is_waived"),
        ValidateConstraint("refund", "refund_state_is_known"),
        ValidateConstraint("refund", "asked_refund_has_its_key"),
    ]
