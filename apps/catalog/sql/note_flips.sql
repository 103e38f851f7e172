-- Note each product whose `in_stock` differs from what was last told, and return what is to be told now.
-- about: update products
UPDATE products p
SET announced_in_stock = p.in_stock
FROM (
    SELECT id FROM products
    WHERE id = ANY (%(products)s) AND announced_in_stock <> in_stock
    ORDER BY id
    FOR NO KEY UPDATE
) AS flipped
WHERE p.id = flipped.id
RETURNING p.id, p.slug, p.in_stock
