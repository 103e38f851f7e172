-- What this database did for a batch of sagas, and when.
-- about: select saga_inbox
SELECT saga_id, step, direction, epoch, outcome, handled_at
FROM saga_inbox
WHERE saga_id = ANY (%(ids)s)
