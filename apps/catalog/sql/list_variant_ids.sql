-- Variants by id.
-- about: select product_variants
SELECT id
FROM product_variants
WHERE id > %(after)s
ORDER BY id
LIMIT %(limit)s
