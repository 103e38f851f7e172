-- The boosts of a query and those of every query; a category with all below it.
-- about: select search_boosts
SELECT
    b.vendor,
    b.product_type,
    b.tag,
    ARRAY(
        WITH RECURSIVE below AS (
            SELECT b.category_id AS id WHERE b.category_id IS NOT NULL
            UNION
            SELECT c.id FROM categories c JOIN below ON c.parent_id = below.id
        )
        SELECT id FROM below
    ) AS categories,
    b.product_id,
    search_key(%(language)s::regconfig, b.word) AS word,
    b.factor
FROM search_boosts b
WHERE b.is_active AND b.query_key IN ('', array_to_string(search_words_of(%(text)s), ' '))
ORDER BY b.id
LIMIT 200
