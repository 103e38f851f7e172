-- Take variants their prices in a market. Returns their products.
-- about: delete market_prices
WITH gone AS (
    DELETE FROM market_prices WHERE market_id = %(market)s AND variant_id = ANY (%(variants)s::uuid[])
    RETURNING variant_id
)
SELECT DISTINCT v.product_id FROM gone g JOIN product_variants v ON v.id = g.variant_id
