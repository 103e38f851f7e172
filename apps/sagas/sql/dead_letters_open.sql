-- Open a dead letter for each step that spent its tries, or note one more try on the open one.
-- about: insert saga_dead_letters
INSERT INTO saga_dead_letters AS d (id, saga_id, step, direction, error, attempts, next_try_at, state)
SELECT id, saga_id, step, direction, error, attempts, clock_timestamp() + delay * interval '1 second', 'open'
FROM unnest(%s::uuid[], %s::uuid[], %s::text[], %s::text[], %s::text[], %s::int[], %s::float8[])
    AS v (id, saga_id, step, direction, error, attempts, delay)
ON CONFLICT (saga_id, step, direction) WHERE state = 'open'
DO UPDATE SET error = excluded.error, attempts = excluded.attempts, next_try_at = excluded.next_try_at
