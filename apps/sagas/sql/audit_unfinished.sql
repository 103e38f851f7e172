-- Sagas that have not ended, by id.
-- about: select saga_transactions
SELECT id
FROM saga_transactions
WHERE status IN ('active', 'compensating') AND id > %(after)s AND id < %(before)s
ORDER BY id
LIMIT %(limit)s
