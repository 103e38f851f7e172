-- A product that stands on one shelf moves when the file names others, or none; one that staff put on several stays,
-- unless the file names further categories, too: then it names all. Where one that it names is unknown, all stays.
-- about: delete product_categories
DELETE FROM product_categories pc
USING staged_products s
WHERE pc.product_id = s.product_id
    AND NOT EXISTS (
        SELECT FROM staged_categories c
        WHERE c.path = ANY (s.categories) AND (c.category_id = pc.category_id OR c.category_id IS NULL)
    )
    AND (
        %(names_all)s
        OR (SELECT count(*) FROM product_categories every WHERE every.product_id = s.product_id) = 1
    )
RETURNING pc.product_id
