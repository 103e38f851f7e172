-- Put variants on sale, or take them off; they and their products are locked already.
-- about: update product_variants
UPDATE product_variants v
SET is_active = g.is_active
FROM unnest(%(ids)s::uuid[], %(states)s::boolean[]) AS g (id, is_active)
WHERE v.id = g.id
