-- The categories of one level that nobody has made; what a taxonomy's id names cannot be made, it has no name.
-- about: select staged_categories
SELECT path FROM staged_categories WHERE level = %(level)s AND category_id IS NULL AND taxonomy IS NULL ORDER BY path
