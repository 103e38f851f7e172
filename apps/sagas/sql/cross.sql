-- Move sagas whose rows are locked over to another version of their definition, with the line of their history that tells it.
-- about: update saga_transactions
WITH moved AS (
    UPDATE saga_transactions s
    SET version = %(after)s,
        step = v.step,
        lane = v.lane,
        states = v.states,
        effects_open = v.effects_open,
        data = v.data,
        failures = v.failures,
        failing_since = CASE WHEN v.failures > 0 THEN s.failing_since END,
        due_at = CASE WHEN s.lease IS NULL THEN s.due_at ELSE clock_timestamp() END,
        lease = NULL,
        seq = s.seq + 1,
        updated_at = clock_timestamp()
    FROM unnest(
        %(ids)s::uuid[], %(steps)s::smallint[], %(lanes)s::text[], %(states)s::jsonb[], %(effects_open)s::smallint[],
        %(data)s::jsonb[], %(failures)s::int[]
    ) AS v (id, step, lane, states, effects_open, data, failures)
    WHERE s.id = v.id AND s.version = %(before)s
    RETURNING s.id, s.seq, s.direction, s.attempt
)
INSERT INTO saga_events (saga_id, seq, kind, step, direction, attempt, actor, data)
SELECT m.id, m.seq, 'migrated', e.step, m.direction, m.attempt, %(actor)s, e.data
FROM moved m
JOIN unnest(%(ids)s::uuid[], %(step_names)s::text[], %(told)s::jsonb[]) AS e (id, step, data) ON e.id = m.id
