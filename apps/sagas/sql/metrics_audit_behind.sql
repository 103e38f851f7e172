-- Of each kind of thing, how long ago the moment lies until which everything was judged; the check furthest behind counts.
-- about: select audit_positions
SELECT split_part(source, '/', 1), extract(epoch FROM clock_timestamp() - min(judged_until))
FROM audit_positions
WHERE began_at IS NULL AND judged_until IS NOT NULL
GROUP BY 1
