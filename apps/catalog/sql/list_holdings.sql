-- What orders hold or had sold, and what the ledger of movements says of each sale; a sale that no reservation explains is
-- `missing` its reservation.
-- about: select inventory_reservations
SELECT r.order_id, r.variant_id, r.quantity, r.state, coalesce(-m.quantity, 0) AS moved
FROM inventory_reservations r
LEFT JOIN inventory_movements m
    ON m.reference_id = r.order_id AND m.product_variant_id = r.variant_id AND m.movement_type = 'sale'
WHERE r.order_id = ANY (%(ids)s)
UNION ALL
SELECT m.reference_id, m.product_variant_id, 0, 'missing', -m.quantity
FROM inventory_movements m
WHERE m.reference_id = ANY (%(ids)s)
    AND m.movement_type = 'sale'
    AND NOT EXISTS (
        SELECT FROM inventory_reservations r
        WHERE r.order_id = m.reference_id AND r.variant_id = m.product_variant_id
    )
ORDER BY order_id, variant_id
