-- A category is recognised by its name and its parent; of two such twins the older one.
-- about: update staged_categories
UPDATE staged_categories s
SET category_id = (
    SELECT c.id
    FROM categories c
    WHERE c.name = s.name
        AND c.parent_id IS NOT DISTINCT FROM
            (SELECT above.category_id FROM staged_categories above WHERE above.path = s.parent_path)
    ORDER BY c.created_at, c.id
    LIMIT 1
)
WHERE s.level = %(level)s
