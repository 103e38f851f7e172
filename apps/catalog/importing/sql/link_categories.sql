-- Each product of the batch stands on the shelves that its categories name.
-- about: insert product_categories
INSERT INTO product_categories (product_id, category_id)
SELECT s.product_id, c.category_id
FROM staged_products s
JOIN staged_categories c ON c.path = ANY (s.categories)
WHERE c.category_id IS NOT NULL
ON CONFLICT DO NOTHING
RETURNING product_id
