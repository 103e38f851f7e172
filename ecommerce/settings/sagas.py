"""Which definitions of sagas may be edited, how long the records of sagas are kept, and how they are audited."""

from django.core.exceptions import ImproperlyConfigured

from .environment import env

# Whether a definition is final once its code was migrated to; if not, it may be edited while no saga of it lives.
SAGA_DEFINITIONS_SEALED = env.bool("SAGA_DEFINITIONS_SEALED", default=True)

# Money, stock and orders are no records of sagas: they stay.
# A finished saga leaves the table that workers look through after so long.
SAGA_ARCHIVE_AFTER_HOURS = env.int("SAGA_ARCHIVE_AFTER_HOURS", default=24)
# Archived sagas, their histories, requests and dead letters go month by month, when a month is so old.
SAGA_HISTORY_MONTHS = env.int("SAGA_HISTORY_MONTHS", default=13)
# What a database did for a saga is known there for so long after the saga's end; see docs/sagas.md.
SAGA_INBOX_DAYS = env.int("SAGA_INBOX_DAYS", default=30)
# A published event leaves the outbox after so long.
OUTBOX_DAYS = env.int("OUTBOX_DAYS", default=30)

if SAGA_INBOX_DAYS < 30:
    raise ImproperlyConfigured("SAGA_INBOX_DAYS must be 30 or more: until then somebody may repeat an old request")
if SAGA_HISTORY_MONTHS * 28 < SAGA_INBOX_DAYS + 28:
    raise ImproperlyConfigured(
        "SAGA_HISTORY_MONTHS must outlast SAGA_INBOX_DAYS by a month: the archive says what ended"
    )

# What compares several apps is registered where all apps are known.
SAGA_AUDITS = ("ecommerce.audits",)
# What was written this lately is not judged yet: a transaction that was begun earlier may still commit.
AUDIT_LAG_SECONDS = env.float("AUDIT_LAG_SECONDS", default=30.0)
# How many rows one check judges at once, of what is new, and of what is passed round and round.
AUDIT_BATCH = env.int("AUDIT_BATCH", default=500)
AUDIT_ROUND = env.int("AUDIT_ROUND", default=100)
# After so long a turn leaves the rest to the next; while the auditor is behind, after so long. See AUDIT_SECONDS.
AUDIT_TURN_SECONDS = env.float("AUDIT_TURN_SECONDS", default=5.0)
AUDIT_LONG_TURN_SECONDS = env.float("AUDIT_LONG_TURN_SECONDS", default=12.0)
