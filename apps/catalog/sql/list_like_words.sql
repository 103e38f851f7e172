-- The words of products that a misspelt word may mean: those one slip away, and those that share most of its letters.
-- about: select search_words
(
    SELECT substr(word, 2) AS word, products
    FROM search_words
    WHERE word = ANY (%(slips)s::text[])
)
UNION
(
    SELECT substr(word, 2), products
    FROM search_words
    WHERE word LIKE '=%%'
    ORDER BY word <-> %(word)s
    LIMIT 40
)
