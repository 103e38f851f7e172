-- Append events to the outbox, each with the next number of its aggregate.
-- about: insert outbox_events
INSERT INTO outbox_events (id, aggregate, aggregate_id, aggregate_seq, type, payload)
SELECT
    e.id,
    e.aggregate,
    e.aggregate_id,
    coalesce(last.aggregate_seq, 0) + row_number() OVER (PARTITION BY e.aggregate, e.aggregate_id ORDER BY e.position),
    e.type,
    e.payload
FROM unnest(%s::uuid[], %s::text[], %s::uuid[], %s::text[], %s::jsonb[])
    WITH ORDINALITY AS e (id, aggregate, aggregate_id, type, payload, position)
LEFT JOIN LATERAL (
    SELECT o.aggregate_seq
    FROM outbox_events o
    WHERE o.aggregate = e.aggregate AND o.aggregate_id = e.aggregate_id
    ORDER BY o.aggregate_seq DESC
    LIMIT 1
) AS last ON true
