-- The months of a partitioned table, oldest first, as the partitions are named.
-- about: select other
SELECT right(c.relname::text, 7)
FROM pg_inherits i
JOIN pg_class c ON c.oid = i.inhrelid
WHERE i.inhparent = %(parent)s::regclass AND pg_get_expr(c.relpartbound, c.oid) <> 'DEFAULT'
ORDER BY 1
