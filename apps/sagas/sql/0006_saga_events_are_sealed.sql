-- What the trigger forbids, no grant allows: nobody has the right to change, delete or truncate the history of a saga, its
-- owner included, until the owner grants it again. A partition has grants of its own, and a trigger on TRUNCATE is not
-- handed down, so each partition is sealed when it is made. Takes SHARE ROW EXCLUSIVE for an instant (CREATE TRIGGER).
CREATE FUNCTION saga_events_are_not_truncated() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
    RAISE EXCEPTION 'the history of sagas is append-only: % is not truncated', TG_TABLE_NAME
        USING ERRCODE = 'check_violation', CONSTRAINT = 'saga_events_are_append_only';
END;
$$;

CREATE FUNCTION seal_saga_events(sealed regclass) RETURNS void
LANGUAGE plpgsql
AS $$
BEGIN
    EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON %s FROM PUBLIC, CURRENT_USER', sealed);
    EXECUTE format(
        'CREATE TRIGGER saga_events_are_not_truncated BEFORE TRUNCATE ON %s'
        ' FOR EACH STATEMENT EXECUTE FUNCTION saga_events_are_not_truncated()',
        sealed
    );
END;
$$;

SELECT seal_saga_events('saga_events');
SELECT seal_saga_events(inhrelid::regclass) FROM pg_inherits WHERE inhparent = 'saga_events'::regclass;

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
            PERFORM seal_saga_events(partition_name::regclass);
            made := made + 1;
        END IF;
        month := month + interval '1 month';
    END LOOP;
    RETURN made;
END;
$$;
