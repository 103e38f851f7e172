-- The boosts of categories that go are those of the nearest one above that stays.
-- about: update search_boosts
UPDATE search_boosts b
SET category_id = going.heir_id
FROM unnest(%(going)s::uuid[], %(heirs)s::uuid[]) AS going (id, heir_id)
WHERE b.category_id = going.id AND going.heir_id IS NOT NULL
