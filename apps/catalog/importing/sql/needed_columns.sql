-- Which of our own columns an export needs, by their fields: those that say what Shopify has no column for.
-- about: select products
SELECT 'more_categories' AS field
WHERE EXISTS (SELECT FROM product_categories GROUP BY product_id HAVING count(*) > 1)
UNION ALL
SELECT 'published_at'
WHERE EXISTS (SELECT FROM products WHERE published_at IS NOT NULL AND (NOT is_active OR published_at > now()))
