-- Lock the variants that a bulk change names, by id, by SKU or as all of a product, in id order.
-- The ids are gathered once, in an array: looked up again after waiting for a lock, a join would lose rows.
-- about: select product_variants
SELECT v.id, v.product_id, p.slug, v.sku, v.price, v.compare_price, v.is_active
FROM product_variants v
JOIN products p ON p.id = v.product_id
WHERE v.id = ANY (ARRAY(
    SELECT unnest(%(variants)s::uuid[])
    UNION ALL
    SELECT id FROM product_variants WHERE sku = ANY (%(skus)s::text[])
    UNION ALL
    SELECT id FROM product_variants WHERE product_id = ANY (%(products)s::uuid[])
    UNION ALL
    SELECT w.id FROM product_variants w JOIN products q ON q.id = w.product_id WHERE q.slug = ANY (%(slugs)s::text[])
))
ORDER BY v.id
FOR NO KEY UPDATE OF v
