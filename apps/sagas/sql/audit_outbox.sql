-- Events beside the others of their aggregate: the one before it, whether older ones are left, whether a later one is
-- published. Old published events are pruned, the oldest first.
-- about: select outbox_events
SELECT
    e.id, e.type, e.aggregate, e.aggregate_id, e.aggregate_seq, e.created_at, e.published_at,
    e.aggregate_seq > 1
        AND NOT EXISTS (
            SELECT FROM outbox_events o
            WHERE (o.aggregate, o.aggregate_id) = (e.aggregate, e.aggregate_id)
                AND o.aggregate_seq = e.aggregate_seq - 1
        )
        AND (
            EXISTS (
                SELECT FROM outbox_events o
                WHERE (o.aggregate, o.aggregate_id) = (e.aggregate, e.aggregate_id)
                    AND o.aggregate_seq < e.aggregate_seq - 1
            )
            OR (e.aggregate_id > %(kept_since)s AND substr(e.aggregate_id::text, 15, 1) = '7')
        ) AS follows_a_gap,
    e.published_at IS NULL
        AND EXISTS (
            SELECT FROM outbox_events o
            WHERE (o.aggregate, o.aggregate_id) = (e.aggregate, e.aggregate_id)
                AND o.aggregate_seq > e.aggregate_seq
                AND o.published_at IS NOT NULL
        ) AS was_overtaken
FROM outbox_events e
WHERE e.id = ANY (%(ids)s)
