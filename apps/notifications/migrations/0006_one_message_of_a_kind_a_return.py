"""A return gets one mail of a kind, by an index that is built while the shop is open."""

from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("notifications", "0005_mails_about_returns")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "CREATE UNIQUE INDEX CONCURRENTLY one_message_of_a_kind_a_return ON messages (return_id, kind)",
                    "DROP INDEX CONCURRENTLY IF EXISTS one_message_of_a_kind_a_return",
                ),
                migrations.RunSQL(
                    "ALTER TABLE messages ADD CONSTRAINT one_message_of_a_kind_a_return"
                    " UNIQUE USING INDEX one_message_of_a_kind_a_return",
                    "ALTER TABLE messages DROP CONSTRAINT one_message_of_a_kind_a_return",
                ),
            ],
            state_operations=[
                migrations.AddConstraint(
                    "message",
                    models.UniqueConstraint(fields=["return_id", "kind"], name="one_message_of_a_kind_a_return"),
                )
            ],
        )
    ]
