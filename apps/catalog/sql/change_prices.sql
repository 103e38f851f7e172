-- Give variants new prices, and write down the old ones beside them. The variants are locked already.
-- A change of many variants is written in pieces under one id.
-- about: update product_variants
WITH given AS MATERIALIZED (
    SELECT * FROM unnest(%(variants)s::uuid[], %(prices)s::numeric[], %(compare_prices)s::numeric[])
        AS g (variant_id, price, compare_price)
), change AS (
    INSERT INTO price_changes AS c (id, actor_id, source, note, items_count)
    SELECT %(change_id)s, %(actor_id)s::uuid, %(source)s, %(note)s, count(*) FROM given
    ON CONFLICT (id) DO UPDATE SET items_count = c.items_count + excluded.items_count
), noted AS (
    INSERT INTO price_change_items (
        change_id, variant_id, old_price, new_price, old_compare_price, new_compare_price
    )
    SELECT %(change_id)s, v.id, v.price, g.price, v.compare_price, g.compare_price
    FROM given g
    JOIN product_variants v ON v.id = g.variant_id
)
UPDATE product_variants v
SET price = g.price, compare_price = g.compare_price
FROM given g
WHERE v.id = g.variant_id
