-- Take up the words of some products that are not known yet; those that are keep their count until all are counted.
-- about: insert search_words
INSERT INTO search_words (word, products)
SELECT word, count(*)
FROM products p
CROSS JOIN LATERAL unnest(tsvector_to_array(p.search_vector)) AS word
WHERE p.id = ANY (%(products)s) AND p.is_active AND p.published_at <= now()
    AND (p.unpublished_at IS NULL OR p.unpublished_at > now())
    AND length(word) <= 101 AND word ~ '^=?[[:alpha:]]+$'
GROUP BY word
ORDER BY word
ON CONFLICT (word) DO NOTHING
