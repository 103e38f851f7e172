-- Each product of the batch stands on the shelf that its category names.
-- about: insert product_categories
INSERT INTO product_categories (product_id, category_id)
SELECT s.product_id, c.category_id
FROM staged_products s
JOIN staged_categories c ON c.path = s.category
ON CONFLICT DO NOTHING
RETURNING product_id
