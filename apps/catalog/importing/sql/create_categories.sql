-- The categories of one level that nobody has made; their parents stand already.
-- about: insert categories
INSERT INTO categories (id, name, slug, parent_id)
SELECT
    uuid_v7(),
    s.name,
    CASE WHEN EXISTS (SELECT FROM categories c WHERE c.slug = s.slug) THEN s.spare_slug ELSE s.slug END,
    above.category_id
FROM staged_categories s
LEFT JOIN staged_categories above ON above.path = s.parent_path
WHERE s.level = %(level)s AND s.category_id IS NULL AND s.taxonomy IS NULL
