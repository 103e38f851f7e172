-- The next unpublished events, oldest first, unless another relay is at work on this database.
-- about: select outbox_events
WITH turn AS MATERIALIZED (
    SELECT pg_try_advisory_xact_lock(hashtext('outbox_events relay')) AS mine
)
SELECT e.id, e.type, e.aggregate, e.aggregate_id, e.aggregate_seq, e.payload::text, e.created_at
FROM turn, outbox_events e
WHERE turn.mine AND e.published_at IS NULL
ORDER BY e.id
LIMIT %s
