-- Note of these products which differ in `in_stock` from what was last told, and return all of them.
-- about: update products
WITH flipped AS (
    UPDATE products p
    SET announced_in_stock = p.in_stock
    FROM (
        SELECT id FROM products
        WHERE id = ANY (%(products)s) AND announced_in_stock <> in_stock
        ORDER BY id
        FOR NO KEY UPDATE
    ) AS differing
    WHERE p.id = differing.id
    RETURNING p.id
)
SELECT p.id, p.slug, p.in_stock, f.id IS NOT NULL AS flipped
FROM products p
LEFT JOIN flipped f ON f.id = p.id
WHERE p.id = ANY (%(products)s)
