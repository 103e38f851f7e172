-- How long the oldest event has waited for the relay; ids rise with time, and the index of waiting events is in their
-- order.
-- about: select outbox_events
SELECT coalesce(extract(epoch FROM clock_timestamp() - (
    SELECT created_at
    FROM outbox_events
    WHERE published_at IS NULL
    ORDER BY id
    LIMIT 1
)), 0)
