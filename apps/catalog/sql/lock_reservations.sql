-- Lock what some orders hold, variants in id order, and read where it stands.
-- about: select inventory_reservations
SELECT r.order_id, r.variant_id, r.state, v.is_located
FROM inventory_reservations r
JOIN product_variants v ON v.id = r.variant_id
WHERE r.order_id = ANY (%(orders)s)
ORDER BY v.id, r.order_id
FOR NO KEY UPDATE OF v, r
