-- What people asked of sagas and nobody has answered, by id.
-- about: select saga_requests
SELECT id
FROM saga_requests
WHERE consumed_at IS NULL AND id > %(after)s AND id < %(before)s
ORDER BY id
LIMIT %(limit)s
