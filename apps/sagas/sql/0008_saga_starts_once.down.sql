DROP TRIGGER saga_starts_once ON saga_transactions;
DROP FUNCTION saga_starts_once();
INSERT INTO saga_transactions (
    id, definition, version, subject_id, order_id, status, hold, step, direction, lane, states, effects_open, attempt,
    failures, failing_since, epoch, due_at, lease, seq, data, cause, error, deadline_at, trace_id, created_at,
    updated_at, finished_at
)
SELECT
    id, definition, version, subject_id, order_id, status, hold, step, direction, lane, states, effects_open, attempt,
    failures, failing_since, epoch, due_at, lease, seq, data, cause, error, deadline_at, trace_id, created_at,
    updated_at, finished_at
FROM saga_archive;
DROP FUNCTION ensure_saga_archive_partitions(date, integer);
DROP TABLE saga_subjects;
DROP TABLE saga_archive;
