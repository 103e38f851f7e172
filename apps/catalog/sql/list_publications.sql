-- The active products that began or ended after a moment and by now, in id order.
-- about: select products
SELECT p.id FROM products p WHERE p.is_active AND p.published_at > %(since)s AND p.published_at <= now()
UNION
SELECT p.id FROM products p WHERE p.is_active AND p.unpublished_at > %(since)s AND p.unpublished_at <= now()
ORDER BY id
