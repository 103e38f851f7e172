-- Forget what was done for sagas that ended long ago.
-- about: delete saga_inbox
DELETE FROM saga_inbox WHERE saga_id = ANY (%(ids)s)
