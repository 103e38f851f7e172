-- Lock variants in id order, and read what their stock decides by.
-- about: select product_variants
SELECT
    v.id, v.product_id, v.sku, v.title AS variant_title, p.name AS product_name, v.inventory_quantity,
    v.allow_backorder, p.track_inventory, p.low_stock_threshold, v.is_located
FROM product_variants v
JOIN products p ON p.id = v.product_id
WHERE v.id = ANY (%(variants)s)
ORDER BY v.id
FOR NO KEY UPDATE OF v
