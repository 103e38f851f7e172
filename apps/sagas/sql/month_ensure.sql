-- Have the partitions ready for a month and the next ones.
-- about: other other
SELECT ensure_saga_events_partitions(%(first)s, %(months)s), ensure_saga_archive_partitions(%(first)s, %(months)s)
