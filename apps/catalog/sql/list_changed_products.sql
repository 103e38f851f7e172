-- The products that were announced as new or changed since an event, the latest first.
-- about: select outbox_events
SELECT DISTINCT aggregate_id
FROM (
    SELECT aggregate_id
    FROM outbox_events
    WHERE id >= %(since)s AND type = 'product.updated'
    ORDER BY id DESC
    LIMIT %(limit)s
) AS latest
