-- What the cheapest active variant of each product costs in a market; where `falls_back`, one without a price there costs
-- what it costs in the shop.
-- about: select market_prices
SELECT DISTINCT ON (v.product_id)
    v.product_id,
    coalesce(m.price, v.price) AS price,
    CASE WHEN m.price IS NULL THEN v.compare_price ELSE m.compare_price END AS compare_price
FROM product_variants v
LEFT JOIN market_prices m ON m.market_id = %(market)s AND m.variant_id = v.id
WHERE v.product_id = ANY (%(products)s::uuid[]) AND v.is_active AND (m.price IS NOT NULL OR %(falls_back)s)
ORDER BY v.product_id, coalesce(m.price, v.price), v.position, v.id
