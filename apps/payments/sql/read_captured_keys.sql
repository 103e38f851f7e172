-- The next captured keys after one, in their order.
-- about: select payment_attempts
SELECT id
FROM payment_attempts
WHERE state IN ('succeeded', 'refunded') AND id > %(after)s
ORDER BY id
LIMIT %(limit)s
