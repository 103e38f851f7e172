-- What this database did for a batch of sagas.
-- about: select saga_inbox
SELECT saga_id, step, direction, epoch, outcome, reply::text, request_hash
FROM saga_inbox
WHERE saga_id = ANY (%s)
