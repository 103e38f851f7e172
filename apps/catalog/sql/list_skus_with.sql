-- The SKUs in which a part stands, each as the text search query that finds it.
-- about: select products
SELECT phraseto_tsquery(search_language::regconfig, search_text(sku))::text
FROM products
WHERE translate(lower(sku), '-._/ ', '') LIKE %(part)s
    AND is_active AND published_at <= now() AND (unpublished_at IS NULL OR unpublished_at > now())
ORDER BY sku
LIMIT 10
