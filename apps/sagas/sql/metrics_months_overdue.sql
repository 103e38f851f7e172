-- Months that should be gone and are kept for somebody in them.
-- about: select other
SELECT t.parent, (
    SELECT count(*)
    FROM pg_inherits i
    JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = t.parent::regclass
      AND right(c.relname::text, 7) < to_char(now() AT TIME ZONE 'UTC' - %s * interval '1 month', 'YYYY_MM')
)
FROM (VALUES ('saga_events'), ('saga_archive')) AS t (parent)
