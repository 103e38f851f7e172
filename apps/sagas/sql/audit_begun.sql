-- Every saga that was ever begun and is not forgotten, by id, whether its row is still there or not.
-- about: select saga_events
SELECT saga_id
FROM saga_events
WHERE seq = 1 AND saga_id > %(after)s AND saga_id < %(before)s
ORDER BY saga_id
LIMIT %(limit)s
