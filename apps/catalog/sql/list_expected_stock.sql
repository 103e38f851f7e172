-- What variants must have had on the shelf at some times, by the ledger: what is there now, less what came or left since.
-- A correction by a count belongs to the time of the count. `is_outdated` where a later count has corrected the stock.
-- about: select product_variants
SELECT
    v.id AS variant_id,
    v.inventory_quantity + v.reserved_quantity - coalesce(since.quantity, 0) AS expected,
    coalesce(since.was_counted, false) AS is_outdated
FROM unnest(%(variants)s::uuid[], %(times)s::timestamptz[]) AS counted (variant_id, counted_at)
JOIN product_variants v ON v.id = counted.variant_id
CROSS JOIN LATERAL (
    SELECT sum(m.quantity)::integer AS quantity, bool_or(m.counted_at IS NOT NULL) AS was_counted
    FROM inventory_movements m
    WHERE m.product_variant_id = counted.variant_id
        AND m.created_at > counted.counted_at
        AND (m.counted_at IS NULL OR m.counted_at > counted.counted_at)
) AS since
