-- Write into a product's history that it stands in other categories, by their slugs.
-- about: insert product_changes
SELECT record_product_change(
    %(product)s, NULL, 'changed', jsonb_build_object('categories', jsonb_build_array(
        (SELECT coalesce(jsonb_agg(slug ORDER BY slug), '[]') FROM categories WHERE id = ANY (%(before)s::uuid[])),
        (SELECT coalesce(jsonb_agg(slug ORDER BY slug), '[]') FROM categories WHERE id = ANY (%(after)s::uuid[]))
    ))
)
