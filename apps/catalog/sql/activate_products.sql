-- Show products, or hide them; they are locked already.
-- about: update products
UPDATE products p
SET is_active = g.is_active
FROM unnest(%(ids)s::uuid[], %(states)s::boolean[]) AS g (id, is_active)
WHERE p.id = g.id
