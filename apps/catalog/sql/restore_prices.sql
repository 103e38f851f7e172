-- Put back the old prices of variants whose prices are still the new ones, and say of each what became of it.
-- The variants are locked already; one may be gone.
-- about: update product_variants
WITH compared AS MATERIALIZED (
    SELECT
        i.variant_id, i.old_price, i.old_compare_price, v.sku, v.product_id,
        v.id IS NOT NULL
            AND (v.price, v.compare_price) IS NOT DISTINCT FROM (i.new_price, i.new_compare_price) AS is_restored
    FROM price_change_items i
    LEFT JOIN product_variants v ON v.id = i.variant_id
    WHERE i.change_id = %(change_id)s AND i.variant_id = ANY (%(variants)s::uuid[])
), said AS (
    UPDATE price_change_items i
    SET is_restored = c.is_restored
    FROM compared c
    WHERE i.change_id = %(change_id)s AND i.variant_id = c.variant_id
), restored AS (
    UPDATE product_variants v
    SET price = c.old_price, compare_price = c.old_compare_price
    FROM compared c
    WHERE c.is_restored AND v.id = c.variant_id
)
SELECT variant_id, sku, product_id, is_restored FROM compared ORDER BY variant_id
