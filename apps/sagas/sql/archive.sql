-- Move a batch of sagas that finished a while ago out of the way of the living, and remember what they were about. What
-- somebody holds is left for the next time. Dead letters that are open, and requests without an answer, keep a saga here.
-- about: delete saga_transactions
WITH old AS (
    SELECT s.id
    FROM saga_transactions s
    WHERE s.status IN ('completed', 'failed')
      AND s.created_at < %(before)s
      AND s.finished_at < %(before)s
      AND NOT EXISTS (SELECT FROM saga_dead_letters d WHERE d.saga_id = s.id AND d.state = 'open')
      AND NOT EXISTS (SELECT FROM saga_requests r WHERE r.saga_id = s.id AND r.consumed_at IS NULL)
    LIMIT %(limit)s
    FOR UPDATE OF s SKIP LOCKED
),
gone AS (
    DELETE FROM saga_transactions s USING old WHERE s.id = old.id
    RETURNING s.*
),
kept AS (
    INSERT INTO saga_archive (
        id, definition, version, subject_id, order_id, status, hold, step, direction, lane, states, effects_open,
        attempt, failures, failing_since, epoch, due_at, lease, seq, data, cause, waivers, error, deadline_at,
        trace_id, created_at, updated_at, finished_at
    )
    SELECT
        id, definition, version, subject_id, order_id, status, hold, step, direction, lane, states, effects_open,
        attempt, failures, failing_since, epoch, due_at, lease, seq, data, cause, waivers, error, deadline_at,
        trace_id, created_at, updated_at, finished_at
    FROM gone
    RETURNING id, definition, subject_id
)
INSERT INTO saga_subjects (definition, subject_id, saga_id)
SELECT definition, subject_id, id
FROM kept
