-- Mark events as published.
-- about: update outbox_events
UPDATE outbox_events SET published_at = clock_timestamp() WHERE id = ANY (%s)
