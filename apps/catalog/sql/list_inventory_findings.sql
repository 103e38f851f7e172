-- Every place where the equations of stock do not hold. One snapshot: run it outside busy hours on large shops, it
-- reads the whole ledger.
-- about: select product_variants
WITH ledger AS (
    SELECT product_variant_id AS variant_id, sum(quantity) AS quantity FROM inventory_movements GROUP BY 1
), holds AS (
    SELECT variant_id, sum(quantity) AS quantity FROM inventory_reservations WHERE state = 'held' GROUP BY 1
), totals AS (
    SELECT
        product_id,
        sum(inventory_quantity) AS inventory_quantity,
        count(*) AS variants_count,
        bool_or(is_active AND (inventory_quantity > 0 OR allow_backorder)) AS sellable
    FROM product_variants
    GROUP BY 1
), findings (kind, id, sku, expected, found) AS (
    SELECT 'ledger', v.id, v.sku, coalesce(l.quantity, 0)::text, (v.inventory_quantity + v.reserved_quantity)::text
    FROM product_variants v
    LEFT JOIN ledger l ON l.variant_id = v.id
    WHERE coalesce(l.quantity, 0) <> v.inventory_quantity + v.reserved_quantity
    UNION ALL
    SELECT 'reserved', v.id, v.sku, coalesce(h.quantity, 0)::text, v.reserved_quantity::text
    FROM product_variants v
    LEFT JOIN holds h ON h.variant_id = v.id
    WHERE coalesce(h.quantity, 0) <> v.reserved_quantity
    UNION ALL
    SELECT 'negative', v.id, v.sku, '0 or more', least(v.inventory_quantity, v.reserved_quantity)::text
    FROM product_variants v
    WHERE (v.inventory_quantity < 0 AND NOT v.allow_backorder) OR v.reserved_quantity < 0
    UNION ALL
    SELECT
        'product', p.id, p.sku,
        format(
            '%%s pieces, %%s variants, in stock: %%s', coalesce(t.inventory_quantity, 0), coalesce(t.variants_count, 0),
            coalesce(t.sellable, false) OR NOT p.track_inventory
        ),
        format('%%s pieces, %%s variants, in stock: %%s', p.inventory_quantity, p.variants_count, p.in_stock)
    FROM products p
    LEFT JOIN totals t ON t.product_id = p.id
    WHERE (p.inventory_quantity, p.variants_count, p.in_stock) IS DISTINCT FROM (
        coalesce(t.inventory_quantity, 0), coalesce(t.variants_count, 0),
        coalesce(t.sellable, false) OR NOT p.track_inventory
    )
    UNION ALL
    SELECT 'no variant', p.id, p.sku, '1 or more', '0'
    FROM products p
    WHERE NOT EXISTS (SELECT FROM product_variants v WHERE v.product_id = p.id)
    UNION ALL
    SELECT 'unsold', r.variant_id, r.order_id::text, (-r.quantity)::text, coalesce(m.quantity, 0)::text
    FROM inventory_reservations r
    LEFT JOIN inventory_movements m
        ON m.reference_id = r.order_id AND m.product_variant_id = r.variant_id AND m.movement_type = 'sale'
    WHERE r.state = 'sold' AND coalesce(m.quantity, 0) <> -r.quantity
    UNION ALL
    SELECT 'returned', sale.product_variant_id, sale.reference_id::text, 'at most ' || -sale.quantity, back.quantity::text
    FROM inventory_movements sale
    JOIN (
        SELECT product_variant_id, reference_id, sum(quantity) AS quantity
        FROM inventory_movements
        WHERE movement_type = 'return'
        GROUP BY 1, 2
    ) AS back USING (product_variant_id, reference_id)
    WHERE sale.movement_type = 'sale' AND back.quantity > -sale.quantity
)
SELECT kind, id, sku, expected, found FROM findings ORDER BY kind, id
