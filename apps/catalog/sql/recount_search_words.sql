-- Count again in how many of the products that customers see each word stands; what stays the same is not written.
-- Words with digits count where several products share them: of the others there are as many as products.
-- about: insert search_words
WITH counted AS MATERIALIZED (
    SELECT word, ndoc AS products
    FROM ts_stat('SELECT search_vector FROM products
        WHERE is_active AND published_at <= now() AND (unpublished_at IS NULL OR unpublished_at > now())')
    WHERE length(word) <= 101 AND (ndoc >= %(shared)s OR word ~ '^=?[[:alpha:]]+$')
    UNION ALL
    SELECT '', count(*) FROM products
    WHERE is_active AND published_at <= now() AND (unpublished_at IS NULL OR unpublished_at > now())
), forgotten AS (
    DELETE FROM search_words known WHERE NOT EXISTS (SELECT FROM counted WHERE counted.word = known.word)
)
INSERT INTO search_words (word, products)
SELECT word, products FROM counted ORDER BY word
ON CONFLICT (word) DO UPDATE SET products = excluded.products WHERE search_words.products <> excluded.products
