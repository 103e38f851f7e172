-- Take the goods of these receipts for ours: pieces that did not arrive may be asked for again, and what came back
-- wholly is `returned`, line by line and order by order. Return what was accepted. The orders are locked already.
-- about: update order_returns
WITH accepted AS (
    UPDATE order_returns
    SET status = 'received', received_at = now()
    WHERE receipt_id = ANY(%(receipts)s::uuid[]) AND status = 'receiving'
    RETURNING id, order_id, return_number
),
arrived AS (
    SELECT l.line_id, sum(l.received_quantity)::integer AS pieces, sum(l.quantity - l.received_quantity)::integer AS missing
    FROM order_return_lines l
    JOIN accepted a ON a.id = l.return_id
    GROUP BY l.line_id
),
earlier AS (
    SELECT l.line_id, sum(l.received_quantity)::integer AS pieces
    FROM order_return_lines l
    JOIN order_returns r ON r.id = l.return_id
    WHERE r.order_id IN (SELECT order_id FROM accepted) AND r.status IN ('received', 'closed')
    GROUP BY l.line_id
),
counted AS (
    SELECT
        line.id, line.order_id, arrived.missing,
        line.quantity = coalesce(arrived.pieces, 0) + coalesce(earlier.pieces, 0) AS all_back
    FROM order_line_items line
    LEFT JOIN arrived ON arrived.line_id = line.id
    LEFT JOIN earlier ON earlier.line_id = line.id
    WHERE line.order_id IN (SELECT order_id FROM accepted)
),
lines AS (
    UPDATE order_line_items line
    SET returned_quantity = line.returned_quantity - counted.missing,
        fulfillment_status = CASE WHEN counted.all_back THEN 'returned' ELSE line.fulfillment_status END
    FROM counted
    WHERE line.id = counted.id AND counted.missing IS NOT NULL
),
whole AS (
    SELECT order_id, bool_and(all_back) AS all_back FROM counted GROUP BY order_id
),
orders_now AS (
    UPDATE orders o SET fulfillment_status = 'returned' FROM whole WHERE o.id = whole.order_id AND whole.all_back
),
told AS (
    INSERT INTO order_events (order_id, event_type, description, data)
    SELECT
        order_id, 'returned', 'The goods of return ' || return_number || ' came back.',
        jsonb_build_object('return', return_number)
    FROM accepted
)
SELECT accepted.id AS return_id, accepted.order_id, accepted.return_number, whole.all_back AS all_returned
FROM accepted
JOIN whole USING (order_id)
ORDER BY accepted.id
