-- The next captured keys after one, in their order.
SELECT id
FROM payment_attempts
WHERE state IN ('succeeded', 'refunded') AND id > %(after)s
ORDER BY id
LIMIT %(limit)s
