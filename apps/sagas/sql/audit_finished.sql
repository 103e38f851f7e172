-- Sagas that ended after a pair of time and id, in that order.
-- about: select saga_transactions
SELECT finished_at, id
FROM saga_transactions
WHERE finished_at IS NOT NULL AND (finished_at, id) > (%(at)s, %(after)s) AND finished_at < %(before)s
ORDER BY finished_at, id
LIMIT %(limit)s
