-- A product that stands on one shelf moves when the file names another, or none; one that staff put on several stays.
-- about: delete product_categories
DELETE FROM product_categories pc
USING staged_products s
LEFT JOIN staged_categories c ON c.path = s.category
WHERE pc.product_id = s.product_id
    AND pc.category_id IS DISTINCT FROM c.category_id
    AND (SELECT count(*) FROM product_categories every WHERE every.product_id = s.product_id) = 1
RETURNING pc.product_id
