-- Forget the dead letters of a month's sagas, which go with it.
-- about: delete saga_dead_letters
DELETE FROM saga_dead_letters WHERE saga_id >= %(first)s AND saga_id < %(end)s
