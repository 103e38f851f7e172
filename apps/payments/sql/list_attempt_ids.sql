-- The keys under which the gateway knows charges of orders.
-- about: select payment_attempts
SELECT id, order_id, gateway_reference
FROM payment_attempts
WHERE order_id = ANY (%(ids)s)
ORDER BY id
