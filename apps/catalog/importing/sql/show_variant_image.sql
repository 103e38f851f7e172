-- Show a fetched image in the variants that still name it by its first address.
-- about: update product_variants
UPDATE product_variants v
SET image_url = %(public_url)s, metadata = v.metadata || jsonb_build_object('image_source', %(url)s::text)
WHERE v.product_id = ANY(%(products)s::uuid[]) AND v.image_url = %(url)s
RETURNING v.product_id
