DROP TABLE saga_events;
DROP FUNCTION saga_events_are_append_only();
DROP FUNCTION ensure_saga_events_partitions(date, integer);
DROP FUNCTION uuid_v7_from(timestamptz);
