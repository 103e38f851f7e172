-- The categories of a taxonomy in which products stand, or that a boost names.
-- about: select categories
SELECT c.id
FROM categories c
WHERE c.taxonomy = %(taxonomy)s
    AND (
        EXISTS (SELECT FROM product_categories pc WHERE pc.category_id = c.id)
        OR EXISTS (SELECT FROM search_boosts b WHERE b.category_id = c.id)
    )
