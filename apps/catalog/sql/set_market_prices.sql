-- Give variants their prices in a market; one that stays the same is not written. Returns the products that differ now.
-- about: insert market_prices
WITH written AS (
    INSERT INTO market_prices AS m (market_id, variant_id, price, compare_price)
    SELECT %(market)s, g.variant_id, g.price, g.compare_price
    FROM unnest(%(variants)s::uuid[], %(prices)s::numeric[], %(compare_prices)s::numeric[])
        AS g (variant_id, price, compare_price)
    ORDER BY g.variant_id
    ON CONFLICT (market_id, variant_id) DO UPDATE SET price = excluded.price, compare_price = excluded.compare_price
    WHERE (m.price, m.compare_price) IS DISTINCT FROM (excluded.price, excluded.compare_price)
    RETURNING m.variant_id
)
SELECT DISTINCT v.product_id FROM written w JOIN product_variants v ON v.id = w.variant_id
