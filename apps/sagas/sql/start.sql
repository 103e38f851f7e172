-- Begin sagas, with the first line of their history, in the commit of what they are about. The line holds whatever no
-- later one could tell again, so that a lost row can be made anew.
-- about: insert saga_transactions
WITH born AS (
    INSERT INTO saga_transactions (
        id, definition, version, subject_id, order_id, status, step, direction, lane, states, effects_open, seq, data,
        trace_id, deadline_at, due_at
    )
    SELECT
        id, definition, version, subject_id, order_id, status, step, direction, lane, states, effects_open, seq, data,
        trace_id, clock_timestamp() + deadline_seconds * interval '1 second', clock_timestamp()
    FROM unnest(
        %(ids)s::uuid[], %(definitions)s::text[], %(versions)s::smallint[], %(subjects)s::uuid[], %(orders)s::uuid[],
        %(statuses)s::text[], %(steps)s::smallint[], %(directions)s::text[], %(lanes)s::text[], %(states)s::jsonb[],
        %(effects_open)s::smallint[], %(seqs)s::int[], %(data)s::jsonb[], %(deadlines)s::float8[],
        %(trace_ids)s::text[]
    ) AS v (
        id, definition, version, subject_id, order_id, status, step, direction, lane, states, effects_open, seq, data,
        deadline_seconds, trace_id
    )
    RETURNING id, definition, version, subject_id, order_id, direction, data, deadline_at, trace_id
)
INSERT INTO saga_events (saga_id, seq, kind, step, direction, attempt, actor, data)
SELECT b.id, 1, 'started', e.step, b.direction, 0, %(actor)s,
    jsonb_build_object(
        'definition', b.definition, 'version', b.version, 'subject_id', b.subject_id, 'order_id', b.order_id,
        'data', b.data, 'deadline_at', b.deadline_at, 'trace_id', b.trace_id
    )
FROM born b
JOIN unnest(%(ids)s::uuid[], %(step_names)s::text[]) AS e (id, step) ON e.id = b.id
