-- The products that customers see in each of some categories or below it. No more than %(most)s + 1 of the places where
-- they stand are looked at, so that `products` is exact while `links` is at most that number.
-- about: select product_categories
SELECT asked.category_id, counted.products, counted.links
FROM unnest(%(categories)s::uuid[]) AS asked (category_id)
CROSS JOIN LATERAL (
    SELECT count(DISTINCT standing.product_id) AS products, count(*) AS links
    FROM (
        SELECT pc.product_id
        FROM category_ancestors a
        JOIN product_categories pc ON pc.category_id = a.category_id
        JOIN products p ON p.id = pc.product_id
        WHERE a.ancestor_id = asked.category_id AND a.is_shown AND p.is_active AND p.published_at <= now()
            AND (p.unpublished_at IS NULL OR p.unpublished_at > now())
        LIMIT %(most)s + 1
    ) AS standing
) AS counted
