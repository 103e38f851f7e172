-- Note that the money of these returns went back, and how much of what was paid has gone back by now. Return what was
-- closed. The orders are locked already.
-- about: update order_returns
WITH closed AS (
    UPDATE order_returns
    SET status = 'closed', closed_at = now()
    WHERE id = ANY(%(ids)s::uuid[]) AND status = 'received'
    RETURNING id, order_id, return_number, refund_amount, currency
),
gone AS (
    SELECT order_id, sum(refund_amount) AS amount
    FROM (
        SELECT order_id, refund_amount FROM closed
        UNION ALL
        SELECT order_id, refund_amount
        FROM order_returns
        WHERE order_id IN (SELECT order_id FROM closed) AND status = 'closed'
    ) AS every
    GROUP BY order_id
),
orders_now AS (
    UPDATE orders o
    SET financial_status = CASE
        WHEN gone.amount >= o.total_price THEN 'refunded'
        WHEN gone.amount > 0 THEN 'partially_refunded'
        ELSE o.financial_status
    END
    FROM gone
    WHERE o.id = gone.order_id
    RETURNING o.id, o.financial_status
),
told AS (
    INSERT INTO order_events (order_id, event_type, description, data)
    SELECT
        order_id, CASE WHEN refund_amount > 0 THEN 'refunded' ELSE 'return_closed' END,
        'The return ' || return_number
            || CASE WHEN refund_amount > 0 THEN ' is closed, its refund settled.' ELSE ' is closed; no money was due.' END,
        jsonb_build_object('return', return_number, 'amount', refund_amount::text)
    FROM closed
)
SELECT
    closed.id AS return_id, closed.order_id, closed.return_number, closed.refund_amount, closed.currency,
    orders_now.financial_status
FROM closed
JOIN orders_now ON orders_now.id = closed.order_id
ORDER BY closed.id
