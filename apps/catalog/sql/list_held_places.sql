-- Where the stock of some orders is held. The variants and the reservations are locked already.
-- about: select inventory_reservation_locations
SELECT p.order_id, p.variant_id, p.location_id, p.quantity
FROM unnest(%(orders)s::uuid[], %(variants)s::uuid[]) AS held (order_id, variant_id)
JOIN inventory_reservation_locations p USING (order_id, variant_id)
ORDER BY p.variant_id, p.order_id, p.location_id
