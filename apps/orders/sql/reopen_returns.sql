-- Undo these receipts: the returns wait for their goods again, and staff read why. The receipt stays named, so that a
-- late step of it finds that it does not receive any more.
-- about: update order_returns
WITH reopened AS (
    UPDATE order_returns r
    SET status = 'approved', goods_amount = NULL, shipping_amount = NULL, refund_amount = NULL, answer = cause.reason
    FROM unnest(%(receipts)s::uuid[], %(reasons)s::text[]) AS cause (receipt_id, reason)
    WHERE r.receipt_id = cause.receipt_id AND r.status = 'receiving'
    RETURNING r.id, r.order_id, r.return_number, r.answer
),
lines AS (
    UPDATE order_return_lines l
    SET received_quantity = NULL, refund_amount = NULL
    FROM reopened
    WHERE l.return_id = reopened.id
)
INSERT INTO order_events (order_id, event_type, description, data)
SELECT order_id, 'return_reopened', answer, jsonb_build_object('return', return_number)
FROM reopened
