-- The products of categories that go stand in the nearest one above that stays.
-- about: insert product_categories
INSERT INTO product_categories (product_id, category_id)
SELECT pc.product_id, going.heir_id
FROM unnest(%(going)s::uuid[], %(heirs)s::uuid[]) AS going (id, heir_id)
JOIN product_categories pc ON pc.category_id = going.id
WHERE going.heir_id IS NOT NULL
ON CONFLICT DO NOTHING
