-- A subject starts a saga of one definition once, whether its saga is among the transactions or in the archive. Takes
-- SHARE ROW EXCLUSIVE for an instant (CREATE TRIGGER), and later no lock of its own: of a start and the archiving of the saga before it, the start waits for the row that is moved, and
-- then finds the subject in the statement that the trigger runs.
CREATE TABLE saga_archive (
    LIKE saga_transactions INCLUDING DEFAULTS,
    archived_at timestamptz NOT NULL DEFAULT statement_timestamp(),
    PRIMARY KEY (id),
    CONSTRAINT archived_saga_has_ended CHECK (finished_at IS NOT NULL AND status IN ('completed', 'failed')),
    CONSTRAINT archived_failure_has_no_open_effect CHECK (NOT (status = 'failed') OR effects_open = 0)
) PARTITION BY RANGE (id);
CREATE INDEX idx_saga_archive_order ON saga_archive (order_id);
CREATE INDEX idx_saga_archive_status ON saga_archive (status, id);
CREATE TABLE saga_archive_default PARTITION OF saga_archive DEFAULT;

CREATE TABLE saga_subjects (
    definition varchar(100) NOT NULL,
    subject_id uuid NOT NULL,
    saga_id uuid NOT NULL,
    PRIMARY KEY (definition, subject_id)
);

CREATE FUNCTION ensure_saga_archive_partitions(first_month date, months integer) RETURNS integer
LANGUAGE plpgsql
AS $$
DECLARE
    month date := date_trunc('month', first_month);
    made integer := 0;
    partition_name text;
BEGIN
    FOR i IN 1..months LOOP
        partition_name := 'saga_archive_' || to_char(month, 'YYYY_MM');
        IF to_regclass(partition_name) IS NULL THEN
            EXECUTE format(
                'CREATE TABLE %I PARTITION OF saga_archive FOR VALUES FROM (%L) TO (%L)',
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

-- From the month of the oldest saga there is to the third from now.
SELECT ensure_saga_archive_partitions(
    oldest,
    (extract(year FROM age(date_trunc('month', current_date), date_trunc('month', oldest))) * 12
        + extract(month FROM age(date_trunc('month', current_date), date_trunc('month', oldest))))::integer + 3
)
FROM (SELECT coalesce(min(created_at), now())::date AS oldest FROM saga_transactions) AS first;

CREATE FUNCTION saga_starts_once() RETURNS trigger
LANGUAGE plpgsql
AS $$
DECLARE
    again record;
BEGIN
    SELECT s.definition, s.subject_id, s.saga_id INTO again
    FROM begun b
    JOIN saga_subjects s ON s.definition = b.definition AND s.subject_id = b.subject_id
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION '% has had its saga % already: it is %, in the archive',
            again.subject_id, again.definition, again.saga_id
            USING ERRCODE = 'unique_violation', CONSTRAINT = 'saga_starts_once';
    END IF;
    RETURN NULL;
END;
$$;

CREATE TRIGGER saga_starts_once
    AFTER INSERT ON saga_transactions
    REFERENCING NEW TABLE AS begun
    FOR EACH STATEMENT EXECUTE FUNCTION saga_starts_once();
