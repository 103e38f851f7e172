-- How long ago the last whole round of each source began, the first one while it goes on; the check furthest behind counts.
-- about: select audit_positions
SELECT split_part(source, '/', 1), split_part(source, '/', 2),
    extract(epoch FROM clock_timestamp() - min(coalesce(judged_until, began_at)))
FROM audit_positions
WHERE began_at IS NOT NULL
GROUP BY 1, 2
