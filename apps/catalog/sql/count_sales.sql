-- Add the next sales of the ledger to their products' popularity, which is a logarithm: the sum of two is the greater,
-- and something more. Exponents are cut off where they add nothing, lest a power underflow.
-- about: update products
WITH sales AS MATERIALIZED (
    SELECT id, product_variant_id, -quantity AS pieces, extract(epoch FROM created_at)::float8 / %(half_life)s AS weight
    FROM inventory_movements
    WHERE id > %(since)s AND id < %(until)s AND movement_type = 'sale'
    ORDER BY id
    LIMIT %(limit)s
), gained AS (
    SELECT
        v.product_id,
        top.weight
            + ln(sum(s.pieces * power(2.0::float8, greatest(s.weight - top.weight, -100)))) / ln(2.0::float8) AS score
    FROM sales s
    JOIN product_variants v ON v.id = s.product_variant_id
    CROSS JOIN (SELECT max(weight) AS weight FROM sales) AS top
    GROUP BY v.product_id, top.weight
), locked AS (
    SELECT p.id, g.score FROM products p JOIN gained g ON g.product_id = p.id ORDER BY p.id FOR NO KEY UPDATE OF p
), written AS (
    UPDATE products p
    SET popularity_score = greatest(p.popularity_score, l.score)
        + ln(1 + power(2.0::float8, greatest(-abs(p.popularity_score - l.score), -100))) / ln(2.0::float8)
    FROM locked l
    WHERE p.id = l.id
)
SELECT (SELECT count(*) FROM sales) AS sales, (SELECT id FROM sales ORDER BY id DESC LIMIT 1) AS last
