-- What people asked of sagas, by id.
-- about: select saga_requests
SELECT id
FROM saga_requests
WHERE id > %(after)s AND id < %(before)s
ORDER BY id
LIMIT %(limit)s
