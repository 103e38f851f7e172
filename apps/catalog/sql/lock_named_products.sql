-- Lock the products that a bulk change names, and those whose variants it changes, in id order.
-- The ids are gathered once, in an array: looked up again after waiting for a lock, a join would lose rows.
-- about: select products
SELECT p.id, p.slug, p.is_active
FROM products p
WHERE p.id = ANY (ARRAY(
    SELECT unnest(%(products)s::uuid[])
    UNION ALL
    SELECT id FROM products WHERE slug = ANY (%(slugs)s::text[])
))
ORDER BY p.id
FOR NO KEY UPDATE OF p
