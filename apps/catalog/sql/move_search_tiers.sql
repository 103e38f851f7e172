-- The most popular products stand in tier 0, where a search looks first; some of those that are out of place move.
-- about: update products
WITH popular AS (
    SELECT id FROM products WHERE is_active ORDER BY popularity_score DESC, id DESC LIMIT %(popular)s
), misplaced AS (
    SELECT p.id
    FROM (
        (SELECT id FROM products WHERE is_active AND search_tier = 0 EXCEPT SELECT id FROM popular)
        UNION ALL
        (SELECT q.id FROM popular q JOIN products r ON r.id = q.id WHERE r.search_tier <> 0)
    ) AS p
    ORDER BY p.id
    LIMIT %(limit)s
), locked AS (
    SELECT p.id FROM products p JOIN misplaced m ON m.id = p.id ORDER BY p.id FOR NO KEY UPDATE OF p
)
UPDATE products p SET search_tier = 1 - p.search_tier FROM locked WHERE p.id = locked.id
