-- Mark events as published.
UPDATE outbox_events SET published_at = clock_timestamp() WHERE id = ANY (%s)
