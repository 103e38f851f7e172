-- Note that the attempts of each order are to be undone, all of them: from here on no charge of theirs is started.
-- about: update payment_attempts
UPDATE payment_attempts a
SET undo_asked_at = coalesce(a.undo_asked_at, now())
FROM (
    SELECT id FROM payment_attempts WHERE order_id = ANY(%(order_ids)s::uuid[]) ORDER BY id FOR UPDATE
) AS locked
WHERE a.id = locked.id
RETURNING a.id, a.order_id, a.payment_id, a.state, a.gateway_reference, a.amount, a.currency
