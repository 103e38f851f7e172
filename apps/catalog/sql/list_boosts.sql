-- The boosts of a query and those of every query; a category with all below it.
-- about: select search_boosts
SELECT
    b.vendor,
    b.product_type,
    b.tag,
    ARRAY(SELECT a.category_id FROM category_ancestors a WHERE a.ancestor_id = b.category_id) AS categories,
    b.product_id,
    search_key(%(language)s::regconfig, b.word) AS word,
    b.factor
FROM search_boosts b
WHERE b.is_active AND b.query_key IN ('', array_to_string(search_words_of(%(text)s), ' '))
ORDER BY b.id
LIMIT 200
