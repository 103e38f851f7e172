-- Set sagas aside that no retry can help, each with an open dead letter: a person must look.
-- about: update saga_transactions
WITH held AS (
    UPDATE saga_transactions s
    SET hold = 'dead_letter', error = v.error, lease = NULL, updated_at = clock_timestamp()
    FROM unnest(%(ids)s::uuid[], %(errors)s::text[], %(steps)s::text[]) AS v (id, error, step)
    WHERE s.id = v.id
    RETURNING s.id, s.direction, s.attempt, v.error, v.step
)
INSERT INTO saga_dead_letters AS d (id, saga_id, step, direction, error, attempts, state)
SELECT gen_random_uuid(), id, step, direction, error, attempt, 'open'
FROM held
ON CONFLICT (saga_id, step, direction) WHERE state = 'open'
DO UPDATE SET error = excluded.error, attempts = excluded.attempts
