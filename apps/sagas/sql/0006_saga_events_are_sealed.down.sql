CREATE OR REPLACE FUNCTION ensure_saga_events_partitions(first_month date, months integer) RETURNS integer
LANGUAGE plpgsql
AS $$
DECLARE
    month date := date_trunc('month', first_month);
    made integer := 0;
    partition_name text;
BEGIN
    FOR i IN 1..months LOOP
        partition_name := 'saga_events_' || to_char(month, 'YYYY_MM');
        IF to_regclass(partition_name) IS NULL THEN
            EXECUTE format(
                'CREATE TABLE %I PARTITION OF saga_events FOR VALUES FROM (%L) TO (%L)',
                partition_name,
                uuid_v7_from(month::timestamp AT TIME ZONE 'UTC'),
                uuid_v7_from((month + interval '1 month')::timestamp AT TIME ZONE 'UTC')
            );
            made := made + 1;
        END IF;
        month := month + interval '1 month';
    END LOOP;
    RETURN made;
END;
$$;

DO $$
DECLARE
    sealed regclass;
BEGIN
    FOR sealed IN
        SELECT 'saga_events'::regclass
        UNION ALL
        SELECT inhrelid::regclass FROM pg_inherits WHERE inhparent = 'saga_events'::regclass
    LOOP
        EXECUTE format('DROP TRIGGER saga_events_are_not_truncated ON %s', sealed);
        EXECUTE format('GRANT UPDATE, DELETE, TRUNCATE ON %s TO CURRENT_USER', sealed);
    END LOOP;
END;
$$;
DROP FUNCTION seal_saga_events(regclass);
DROP FUNCTION saga_events_are_not_truncated();
