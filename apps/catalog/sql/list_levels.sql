-- The levels of located variants at each active place, in the order in which orders take from places; zero where a place
-- never had any. The variants are locked already, so levels need no lock of their own; the places are kept as they are.
-- about: select stock_levels
WITH places AS MATERIALIZED (
    SELECT id, priority FROM stock_locations WHERE is_active ORDER BY id FOR SHARE
)
SELECT v.variant_id, p.id AS location_id, coalesce(l.available, 0) AS available
FROM unnest(%(variants)s::uuid[]) AS v (variant_id)
CROSS JOIN places p
LEFT JOIN stock_levels l ON l.variant_id = v.variant_id AND l.location_id = p.id
ORDER BY v.variant_id, p.priority, p.id
