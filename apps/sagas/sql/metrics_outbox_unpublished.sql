-- Events that wait for the relay.
-- about: select outbox_events
SELECT count(*)
FROM outbox_events
WHERE published_at IS NULL
