-- Events that nobody has taken yet, by id.
-- about: select outbox_events
SELECT id
FROM outbox_events
WHERE published_at IS NULL AND id > %(after)s AND id < %(before)s
ORDER BY id
LIMIT %(limit)s
