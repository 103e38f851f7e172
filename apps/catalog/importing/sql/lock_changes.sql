-- Lock what will be written in the order of the whole app: variants by id, then products by id.
-- about: select product_variants
SELECT v.id
FROM product_variants v
JOIN staged_variants s ON s.variant_id = v.id AND s.has_changed
ORDER BY v.id
FOR NO KEY UPDATE OF v;

SELECT p.id
FROM products p
WHERE p.id IN (
    SELECT s.product_id FROM staged_products s WHERE s.has_changed
    UNION
    SELECT s.product_id FROM staged_variants s WHERE s.has_changed OR s.is_new
)
ORDER BY p.id
FOR NO KEY UPDATE OF p;
