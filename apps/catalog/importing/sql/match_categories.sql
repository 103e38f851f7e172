-- A category is recognised by its id in a taxonomy, or by its parent and its name, or the name that a taxonomy has for it
-- and that the shop changed; of such twins the one of that name, then the older one.
-- about: update staged_categories
UPDATE staged_categories s
SET category_id = (
    SELECT known.id
    FROM (
        SELECT c.* FROM categories c WHERE c.taxonomy = s.taxonomy AND c.taxonomy_id = s.taxonomy_id
        UNION ALL
        SELECT c.*
        FROM categories c
        WHERE s.taxonomy IS NULL AND s.parent_path IS NULL
            AND c.parent_id IS NULL AND s.name IN (c.name, c.taxonomy_name)
        UNION ALL
        SELECT c.*
        FROM staged_categories above
        JOIN categories c ON c.parent_id = above.category_id
        WHERE above.path = s.parent_path AND s.name IN (c.name, c.taxonomy_name)
    ) AS known
    ORDER BY known.name = s.name DESC, known.created_at, known.id
    LIMIT 1
)
WHERE s.level = %(level)s
