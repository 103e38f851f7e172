-- The history of a saga is only ever added to; it ends with the partition that holds it. Takes no lock beyond the row.
-- Partitions are ranges of ids: a UUIDv7 begins with its milliseconds, so a month of sagas is a range.
CREATE TABLE saga_events (
    saga_id uuid NOT NULL,
    seq integer NOT NULL,
    kind varchar(30) NOT NULL,
    step varchar(100) NOT NULL,
    direction varchar(10) NOT NULL,
    attempt integer NOT NULL,
    actor varchar(100) NOT NULL,
    data jsonb DEFAULT '{}'::jsonb NOT NULL,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    PRIMARY KEY (saga_id, seq)
) PARTITION BY RANGE (saga_id);

CREATE TABLE saga_events_default PARTITION OF saga_events DEFAULT;

CREATE FUNCTION uuid_v7_from(moment timestamptz) RETURNS uuid
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$
    SELECT (lpad(to_hex((extract(epoch FROM moment) * 1000)::bigint), 12, '0') || '00000000000000000000')::uuid
$$;

CREATE FUNCTION ensure_saga_events_partitions(first_month date, months integer) RETURNS integer
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

SELECT ensure_saga_events_partitions(current_date, 3);

CREATE FUNCTION saga_events_are_append_only() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
    RAISE EXCEPTION 'the history of a saga is append-only: saga %, event %', OLD.saga_id, OLD.seq
        USING ERRCODE = 'check_violation', CONSTRAINT = 'saga_events_are_append_only';
END;
$$;

CREATE TRIGGER saga_events_are_append_only
    BEFORE UPDATE OR DELETE ON saga_events
    FOR EACH ROW EXECUTE FUNCTION saga_events_are_append_only();
