-- Lease a batch of due sagas of one lane. Losing this commit is harmless, so it does not wait for the disk; the caller
-- sets synchronous_commit for its transaction. Only the database's clock decides what is due.
-- about: update saga_transactions
WITH due AS (
    SELECT id
    FROM saga_transactions
    WHERE lane = %(lane)s
      AND status IN ('active', 'compensating')
      AND hold IS NULL
      AND due_at <= clock_timestamp()
      AND (definition, version) IN (SELECT * FROM unnest(%(definitions)s::text[], %(versions)s::smallint[]))
    ORDER BY due_at
    LIMIT %(limit)s
    FOR UPDATE SKIP LOCKED
)
UPDATE saga_transactions s
SET lease = %(lease)s,
    due_at = clock_timestamp() + %(lease_seconds)s * interval '1 second',
    attempt = s.attempt + 1
FROM due
WHERE s.id = due.id
RETURNING
    s.id, s.definition, s.version, s.order_id, s.status, s.step, s.direction, s.states::text, s.attempt, s.failures,
    s.epoch, s.data::text, s.cause::text
