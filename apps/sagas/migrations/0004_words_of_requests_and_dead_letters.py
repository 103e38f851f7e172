"""What a request asks and how a dead letter stands are words from a list."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("sagas", "0003_saga_transactions_stay_hot"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="sagadeadletter",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["open", "resolved", "waived"])), name="dead_letter_state_is_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="sagadeadletter",
            constraint=models.CheckConstraint(
                condition=models.Q(("direction__in", ["forward", "backward"])), name="dead_letter_direction_is_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="sagarequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind__in", ["cancel", "pause", "resume", "retry", "skip", "force_compensate", "waive"])
                ),
                name="saga_request_kind_is_known",
            ),
        ),
    ]
