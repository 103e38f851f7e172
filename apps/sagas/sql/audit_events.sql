-- Events of an outbox, by id: ids rise with time.
-- about: select outbox_events
SELECT id
FROM outbox_events
WHERE id > %(after)s AND id < %(before)s
ORDER BY id
LIMIT %(limit)s
