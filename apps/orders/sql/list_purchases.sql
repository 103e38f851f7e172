-- What customers bought with these orders, once these were confirmed: each product once an order, and whether all of it
-- came back.
-- about: select orders
SELECT
    o.user_id, l.product_id, o.id AS order_id, coalesce(o.processed_at, o.created_at) AS at,
    sum(l.quantity) <= coalesce(sum(b.pieces), 0) AS is_returned
FROM orders o
JOIN order_line_items l ON l.order_id = o.id
LEFT JOIN LATERAL (
    SELECT sum(c.received_quantity) AS pieces
    FROM order_return_lines c
    JOIN order_returns r ON r.id = c.return_id
    WHERE c.line_id = l.id AND r.status IN ('received', 'closed')
) AS b ON true
WHERE o.id = ANY (%(ids)s) AND o.status = 'confirmed' AND o.user_id IS NOT NULL
GROUP BY o.id, l.product_id
ORDER BY o.id, l.product_id
