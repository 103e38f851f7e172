-- The values of the products in `matched`, which whoever runs this puts before it, and how many products have each; and
-- how many products there are. Facets that are not asked for cost nothing.
-- about: select products
SELECT 'all' AS kind, '{}'::jsonb AS value, count(*) AS products FROM matched
UNION ALL (
    SELECT 'vendor', jsonb_build_object('value', vendor), count(*)
    FROM matched
    WHERE 'vendor' = ANY (%(kinds)s) AND vendor <> ''
    GROUP BY vendor
    ORDER BY 3 DESC, vendor
    LIMIT %(most)s
)
UNION ALL (
    SELECT 'product_type', jsonb_build_object('value', product_type), count(*)
    FROM matched
    WHERE 'product_type' = ANY (%(kinds)s) AND product_type <> ''
    GROUP BY product_type
    ORDER BY 3 DESC, product_type
    LIMIT %(most)s
)
UNION ALL (
    SELECT 'tags', jsonb_build_object('value', tag), count(DISTINCT id)
    FROM matched CROSS JOIN LATERAL unnest(tags) AS tag
    WHERE 'tags' = ANY (%(kinds)s) AND tag <> ''
    GROUP BY tag
    ORDER BY 3 DESC, tag
    LIMIT %(most)s
)
UNION ALL (
    -- Many products have the same options, which are then read once. Options that are no such list as they should be have
    -- no values, and are no error. The limit, which no product reaches, tells the planner that there are not thousands.
    SELECT 'option', jsonb_build_object('name', o.name, 'value', o.value), sum(alike.products)::bigint
    FROM (
        SELECT options, count(*) AS products FROM matched WHERE 'option' = ANY (%(kinds)s) GROUP BY options
    ) AS alike
    CROSS JOIN LATERAL (
        SELECT named ->> 'name' AS name, value #>> '{}' AS value
        FROM jsonb_path_query(alike.options, '$[*]') AS named
        CROSS JOIN LATERAL jsonb_path_query(named, '$.values[*]') AS value
        LIMIT 200
    ) AS o
    WHERE (cardinality(%(only_options)s::text[]) = 0 OR o.name = ANY (%(only_options)s))
        AND o.name <> ALL (%(but_options)s::text[])
    GROUP BY o.name, o.value
    ORDER BY 3 DESC, o.name, o.value
    LIMIT 2 * %(most)s
)
UNION ALL (
    -- What stands in the categories at one level of the tree, or below them. The offset keeps the planner from reading
    -- the places of all products instead of those of these.
    SELECT 'category', jsonb_build_object('value', c.slug, 'name', c.name), count(DISTINCT m.id)
    FROM matched m
    CROSS JOIN LATERAL (SELECT pc.category_id FROM product_categories pc WHERE pc.product_id = m.id OFFSET 0) AS place
    JOIN category_ancestors a ON a.category_id = place.category_id AND a.is_shown
    JOIN categories c ON c.id = a.ancestor_id
    WHERE 'category' = ANY (%(kinds)s) AND c.parent_id IS NOT DISTINCT FROM %(below)s
    GROUP BY c.id
    ORDER BY 3 DESC, c.name, c.id
    LIMIT %(most)s
)
UNION ALL (
    -- The dearest and the cheapest of each range, which are what a filter takes.
    SELECT 'price', jsonb_build_object('min', min(price)::text, 'max', max(price)::text), count(*)
    FROM matched
    WHERE 'price' = ANY (%(kinds)s)
    GROUP BY width_bucket(price, %(prices)s::numeric[])
    ORDER BY min(price)
)
UNION ALL (
    SELECT 'rating', jsonb_build_object('value', stars), count(*)
    FROM matched JOIN generate_series(1, 4) AS stars ON rating_average >= stars
    WHERE 'rating' = ANY (%(kinds)s)
    GROUP BY stars
    ORDER BY stars DESC
)
UNION ALL (
    SELECT 'in_stock', jsonb_build_object('value', in_stock), count(*)
    FROM matched
    WHERE 'in_stock' = ANY (%(kinds)s)
    GROUP BY in_stock
    ORDER BY in_stock DESC
)
