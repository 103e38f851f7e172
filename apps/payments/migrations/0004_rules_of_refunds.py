"""The rules of refunds of returns, made while the shop is open: one refund a receipt, and what each state knows."""

from django.contrib.postgres.operations import AddConstraintNotValid, ValidateConstraint
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("payments", "0003_refunds_of_returns")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "CREATE UNIQUE INDEX CONCURRENTLY one_refund_a_receipt ON refunds (receipt_id)",
                    "DROP INDEX CONCURRENTLY IF EXISTS one_refund_a_receipt",
                ),
                migrations.RunSQL(
                    "ALTER TABLE refunds ADD CONSTRAINT one_refund_a_receipt UNIQUE USING INDEX one_refund_a_receipt",
                    "ALTER TABLE refunds DROP CONSTRAINT one_refund_a_receipt",
                ),
            ],
            state_operations=[
                migrations.AddConstraint(
                    "refund", models.UniqueConstraint(fields=["receipt_id"], name="one_refund_a_receipt")
                )
            ],
        ),
        migrations.RemoveConstraint(
            model_name="refund",
            name="refund_state_is_known",
        ),
        AddConstraintNotValid(
            model_name="refund",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["held", "released", "calling", "succeeded"])),
                name="refund_state_is_known",
            ),
        ),
        AddConstraintNotValid(
            model_name="refund",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("effect_id__isnull", True), ("state__in", ["held", "released"])),
                    models.Q(("effect_id__isnull", False), ("state__in", ["calling", "succeeded"])),
                    _connector="OR",
                ),
                name="asked_refund_has_its_key",
            ),
        ),
        AddConstraintNotValid(
            model_name="refund",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("receipt_id__isnull", True), ("return_id__isnull", True)),
                    models.Q(("receipt_id__isnull", False), ("return_id__isnull", False)),
                    _connector="OR",
                ),
                name="refund_of_a_return_names_its_receipt",
            ),
        ),
        ValidateConstraint("refund", "refund_state_is_known"),
        ValidateConstraint("refund", "asked_refund_has_its_key"),
        ValidateConstraint("refund", "refund_of_a_return_names_its_receipt"),
    ]
