-- What the ledger says of orders, a line a movement.
-- about: select payment_ledger
SELECT order_id, kind, amount, currency, effect_id, created_at
FROM payment_ledger
WHERE order_id = ANY (%(ids)s)
ORDER BY created_at, id
