-- Every place where the equations of located stock do not hold. One snapshot.
-- about: select stock_levels
WITH sums AS (
    SELECT variant_id, sum(available) AS available, sum(reserved) AS reserved FROM stock_levels GROUP BY 1
), ledger AS (
    SELECT variant_id, location_id, sum(quantity) AS quantity FROM location_movements GROUP BY 1, 2
), holds AS (
    SELECT h.variant_id, h.location_id, sum(h.quantity) AS quantity
    FROM inventory_reservation_locations h
    JOIN inventory_reservations r USING (order_id, variant_id)
    WHERE r.state = 'held'
    GROUP BY 1, 2
), at_places AS (
    SELECT
        variant_id, location_id, coalesce(l.available + l.reserved, 0) AS on_hand, coalesce(l.reserved, 0) AS reserved,
        coalesce(m.quantity, 0) AS moved, coalesce(h.quantity, 0) AS held
    FROM stock_levels l
    FULL JOIN ledger m USING (variant_id, location_id)
    FULL JOIN holds h USING (variant_id, location_id)
), findings (kind, id, sku, expected, found) AS (
    SELECT
        'levels', v.id, v.sku,
        CASE WHEN v.is_located THEN format('%%s to sell, %%s held', v.inventory_quantity, v.reserved_quantity)
            ELSE 'no places' END,
        format('%%s to sell, %%s held', coalesce(s.available, 0), coalesce(s.reserved, 0))
    FROM product_variants v
    LEFT JOIN sums s ON s.variant_id = v.id
    WHERE (v.is_located OR s.variant_id IS NOT NULL)
        AND (
            NOT v.is_located
            OR (coalesce(s.available, 0), coalesce(s.reserved, 0)) <> (v.inventory_quantity, v.reserved_quantity)
        )
    UNION ALL
    SELECT 'ledger of a place', p.variant_id, v.sku || ' at ' || s.code, p.moved::text, p.on_hand::text
    FROM at_places p
    JOIN product_variants v ON v.id = p.variant_id
    JOIN stock_locations s ON s.id = p.location_id
    WHERE p.moved <> p.on_hand
    UNION ALL
    SELECT 'reserved at a place', p.variant_id, v.sku || ' at ' || s.code, p.held::text, p.reserved::text
    FROM at_places p
    JOIN product_variants v ON v.id = p.variant_id
    JOIN stock_locations s ON s.id = p.location_id
    WHERE p.held <> p.reserved
    UNION ALL
    SELECT 'places of an order', r.variant_id, r.order_id::text, r.quantity::text, coalesce(sum(h.quantity), 0)::text
    FROM inventory_reservations r
    JOIN product_variants v ON v.id = r.variant_id
    LEFT JOIN inventory_reservation_locations h ON h.order_id = r.order_id AND h.variant_id = r.variant_id
    WHERE r.state = 'held' AND v.is_located
    GROUP BY r.order_id, r.variant_id, r.quantity
    HAVING coalesce(sum(h.quantity), 0) <> r.quantity
    UNION ALL
    SELECT 'inactive place', l.variant_id, v.sku || ' at ' || s.code, '0', (l.available + l.reserved)::text
    FROM stock_levels l
    JOIN product_variants v ON v.id = l.variant_id
    JOIN stock_locations s ON s.id = l.location_id
    WHERE NOT s.is_active AND (l.available <> 0 OR l.reserved <> 0)
)
SELECT kind, id, sku, expected, found FROM findings ORDER BY kind, id, sku
