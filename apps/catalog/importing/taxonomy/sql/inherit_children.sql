-- What stays of what stood below categories that go stands below the nearest one above that stays.
-- about: update categories
UPDATE categories c
SET parent_id = going.heir_id
FROM unnest(%(going)s::uuid[], %(heirs)s::uuid[]) AS going (id, heir_id)
WHERE c.parent_id = going.id AND NOT c.id = ANY (%(going)s::uuid[])
