-- Where the equations of stock do not hold for some variants: what the ledger sums up to is sellable or held, what is
-- held is held by orders, nothing is negative without back-orders. One snapshot.
-- about: select product_variants
SELECT v.id, v.sku, e.kind, e.expected, e.found
FROM product_variants v
CROSS JOIN LATERAL (
    SELECT coalesce(sum(m.quantity), 0) AS moved FROM inventory_movements m WHERE m.product_variant_id = v.id
) AS ledger
CROSS JOIN LATERAL (
    SELECT coalesce(sum(r.quantity), 0) AS held
    FROM inventory_reservations r
    WHERE r.variant_id = v.id AND r.state = 'held'
) AS holds
CROSS JOIN LATERAL (
    VALUES
        ('ledger', ledger.moved::text, (v.inventory_quantity + v.reserved_quantity)::text,
            ledger.moved = v.inventory_quantity + v.reserved_quantity),
        ('reserved', holds.held::text, v.reserved_quantity::text, holds.held = v.reserved_quantity),
        ('negative', '0 or more', least(v.inventory_quantity, v.reserved_quantity)::text,
            v.reserved_quantity >= 0 AND (v.inventory_quantity >= 0 OR v.allow_backorder))
) AS e (kind, expected, found, holds)
WHERE v.id = ANY (%(ids)s) AND NOT e.holds
ORDER BY v.id, e.kind
