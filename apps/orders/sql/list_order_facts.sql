-- What orders say of themselves, for the audit: where they stand, what they are worth, what of that went back, the pieces
-- of each variant, bought and back, and which ends their histories tell.
-- about: select orders
SELECT
    o.id AS order_id, o.status, o.financial_status, o.currency, o.total_price AS total,
    coalesce((
        SELECT sum(r.refund_amount) FROM order_returns r WHERE r.order_id = o.id AND r.status = 'closed'
    ), 0) AS returned,
    coalesce((
        SELECT sum(r.refund_amount) FROM order_returns r WHERE r.order_id = o.id AND r.status IN ('receiving', 'received')
    ), 0) AS returning,
    coalesce((
        SELECT json_object_agg(l.variant_id, l.pieces)
        FROM (
            SELECT variant_id, sum(quantity) AS pieces
            FROM order_line_items
            WHERE order_id = o.id AND variant_id IS NOT NULL
            GROUP BY variant_id
        ) AS l
    ), '{}') AS pieces,
    coalesce((
        SELECT json_object_agg(l.variant_id, l.pieces)
        FROM (
            SELECT i.variant_id, coalesce(sum(b.received_quantity), 0) AS pieces
            FROM order_returns r
            JOIN order_return_lines b ON b.return_id = r.id
            JOIN order_line_items i ON i.id = b.line_id
            WHERE r.order_id = o.id AND r.status IN ('received', 'closed') AND b.restocks AND i.variant_id IS NOT NULL
            GROUP BY i.variant_id
        ) AS l
    ), '{}') AS came_back,
    coalesce((
        SELECT json_agg(DISTINCT e.event_type)
        FROM order_events e
        WHERE e.order_id = o.id AND e.event_type IN ('confirmed', 'failed')
    ), '[]') AS ends
FROM orders o
WHERE o.id = ANY (%(ids)s)
