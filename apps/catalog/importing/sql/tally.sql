-- What a batch came to: pieces in stock of its variants, and the variants of its products that it does not name.
-- about: select product_variants
SELECT
    coalesce(sum(v.inventory_quantity) FILTER (WHERE s.variant_id IS NOT NULL), 0)::bigint AS stock,
    count(*) FILTER (WHERE s.variant_id IS NULL) AS not_in_file
FROM product_variants v
JOIN staged_products sp ON sp.product_id = v.product_id
LEFT JOIN staged_variants s ON s.variant_id = v.id
