-- Forget what was asked of a month's sagas, which go with it.
-- about: delete saga_requests
DELETE FROM saga_requests WHERE saga_id >= %(first)s AND saga_id < %(end)s
