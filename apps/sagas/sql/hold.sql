-- Set sagas aside that no retry can help: a person must look.
-- about: update saga_transactions
UPDATE saga_transactions s
SET hold = 'dead_letter', error = v.error, lease = NULL, updated_at = clock_timestamp()
FROM unnest(%s::uuid[], %s::text[]) AS v (id, error)
WHERE s.id = v.id
