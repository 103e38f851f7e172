-- What the file calls a category and the shop does not have is kept as it is, so that an export gives it back.
-- about: update staged_products
UPDATE staged_products s
SET metadata = s.metadata || jsonb_build_object(%(header)s::text, c.path)
FROM staged_categories c
WHERE c.path = s.categories[1] AND c.category_id IS NULL
RETURNING s.row, c.path
