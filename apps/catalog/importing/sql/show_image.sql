-- Show a fetched image in the products that still name it by its first address.
-- about: update products
UPDATE products p
SET images = (
    SELECT jsonb_agg(
        CASE WHEN i.image ->> 'url' = %(url)s
            THEN i.image || jsonb_build_object('url', %(public_url)s::text, 'source', %(url)s::text) ELSE i.image END
        ORDER BY i.place
    )
    FROM jsonb_array_elements(p.images) WITH ORDINALITY AS i (image, place)
)
WHERE p.id = ANY(%(products)s::uuid[]) AND p.images @> jsonb_build_array(jsonb_build_object('url', %(url)s::text))
RETURNING p.id
