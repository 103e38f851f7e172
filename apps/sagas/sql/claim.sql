-- Lease a batch of due sagas of one lane. Only the database's clock decides what is due. What was claimed twice without
-- an answer may kill its worker: it is claimed alone, so that nobody shares its fate. Losing this commit is harmless, so
-- `quick` lets it not wait for the disk, for this transaction alone.
-- about: update saga_transactions
WITH quick AS MATERIALIZED (
    SELECT set_config('synchronous_commit', 'off', true) AS set
),
suspect AS (
    SELECT s.id
    FROM saga_transactions s
    -- Asked before any row is looked for, whatever the plan. A join might not ask where there is no suspect.
    WHERE (SELECT set FROM quick) = 'off'
      AND lane = %(lane)s
      AND status IN ('active', 'compensating')
      AND hold IS NULL
      AND attempt >= 2
      AND due_at <= statement_timestamp()
      AND (definition, version) IN (SELECT * FROM unnest(%(definitions)s::text[], %(versions)s::smallint[]))
    ORDER BY due_at
    LIMIT 1
    FOR UPDATE OF s SKIP LOCKED
),
due AS (
    SELECT s.id
    FROM saga_transactions s
    WHERE lane = %(lane)s
      AND status IN ('active', 'compensating')
      AND hold IS NULL
      AND attempt < 2
      AND due_at <= statement_timestamp()
      AND (definition, version) IN (SELECT * FROM unnest(%(definitions)s::text[], %(versions)s::smallint[]))
      AND NOT EXISTS (SELECT FROM suspect)
    ORDER BY due_at
    LIMIT %(limit)s
    FOR UPDATE OF s SKIP LOCKED
)
UPDATE saga_transactions s
SET lease = %(lease)s,
    due_at = clock_timestamp() + %(lease_seconds)s * interval '1 second',
    attempt = s.attempt + 1
FROM (SELECT id FROM suspect UNION ALL SELECT id FROM due) AS picked
WHERE s.id = picked.id
RETURNING
    s.id, s.definition, s.version, s.order_id, s.status, s.step, s.direction, s.states::text, s.attempt, s.failures,
    coalesce(extract(epoch FROM clock_timestamp() - s.failing_since), 0)::float8, s.epoch, s.data::text, s.cause::text,
    s.waivers::text, coalesce(s.deadline_at <= clock_timestamp(), false)
