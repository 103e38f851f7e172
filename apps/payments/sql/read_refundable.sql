-- What is left to give back of each order's payment: captured, less what went back or is promised. One row an order that
-- has a captured charge. The payments are locked already.
-- about: select payments
SELECT
    p.order_id, p.id AS payment_id, a.id AS attempt_id, p.currency,
    p.captured_amount - coalesce((
        SELECT sum(r.amount) FROM refunds r WHERE r.payment_id = p.id AND r.state <> 'released'
    ), 0) AS available
FROM payments p
JOIN payment_attempts a ON a.payment_id = p.id AND a.state = 'succeeded'
WHERE p.order_id = ANY(%(order_ids)s::uuid[])
