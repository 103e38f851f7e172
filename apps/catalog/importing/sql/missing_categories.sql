-- The categories of one level that nobody has made.
-- about: select staged_categories
SELECT path FROM staged_categories WHERE level = %(level)s AND category_id IS NULL ORDER BY path
