-- Move a batch of sagas on, and write the history of the move in the same statement. A saga whose lease was lost is
-- left alone: it is missing from the answer. So is one that has ended, or would come forward from being undone, whoever
-- has its lease. The time of a step's first failure stands until the step has none.
-- about: update saga_transactions
WITH v AS (
    SELECT *
    FROM unnest(
        %(ids)s::uuid[], %(statuses)s::text[], %(steps)s::smallint[], %(directions)s::text[], %(lanes)s::text[],
        %(states)s::jsonb[], %(effects_open)s::smallint[], %(failures)s::int[], %(attempts)s::int[],
        %(delays)s::float8[], %(causes)s::jsonb[], %(errors)s::text[], %(counts)s::int[]
    ) AS v (id, status, step, direction, lane, states, effects_open, failures, attempts, delay, cause, error, happenings)
),
moved AS (
    UPDATE saga_transactions s
    SET status = v.status,
        step = v.step,
        direction = v.direction,
        lane = v.lane,
        states = v.states,
        effects_open = v.effects_open,
        failures = v.failures,
        failing_since = CASE
            WHEN v.failures = 0 THEN NULL
            WHEN (s.step, s.direction) = (v.step, v.direction) THEN coalesce(s.failing_since, clock_timestamp())
            ELSE clock_timestamp()
        END,
        attempt = v.attempts,
        due_at = clock_timestamp() + v.delay * interval '1 second',
        cause = v.cause,
        error = v.error,
        lease = NULL,
        seq = s.seq + v.happenings,
        updated_at = clock_timestamp(),
        finished_at = CASE WHEN v.status IN ('completed', 'failed') THEN clock_timestamp() END
    FROM v
    WHERE s.id = v.id
      AND s.lease = %(lease)s
      AND (s.status = 'active' OR (s.status, v.status) IN (('compensating', 'compensating'), ('compensating', 'failed')))
    RETURNING s.id, s.seq - v.happenings AS seq_before
),
told AS (
    INSERT INTO saga_events (saga_id, seq, kind, step, direction, attempt, actor, data)
    SELECT m.id, m.seq_before + e.position, e.kind, e.step, e.direction, e.attempt, %(actor)s, e.data
    FROM unnest(
        %(event_ids)s::uuid[], %(event_positions)s::int[], %(event_kinds)s::text[], %(event_steps)s::text[],
        %(event_directions)s::text[], %(event_attempts)s::int[], %(event_data)s::jsonb[]
    ) AS e (id, position, kind, step, direction, attempt, data)
    JOIN moved m ON m.id = e.id
)
SELECT id FROM moved
