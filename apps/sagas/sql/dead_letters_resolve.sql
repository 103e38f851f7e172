-- Close the open dead letters of steps that succeeded after all.
-- about: update saga_dead_letters
UPDATE saga_dead_letters d
SET state = 'resolved', resolved_at = clock_timestamp(), resolved_by = 'engine', next_try_at = NULL
FROM unnest(%s::uuid[], %s::text[], %s::text[]) AS v (saga_id, step, direction)
WHERE d.saga_id = v.saga_id AND d.step = v.step AND d.direction = v.direction AND d.state = 'open'
