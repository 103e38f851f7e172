-- How many months from the next one on have their partition already.
-- about: select other
SELECT t.parent, (
    SELECT count(*)
    FROM pg_inherits i
    JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = t.parent::regclass
      AND right(c.relname::text, 7) > to_char(now() AT TIME ZONE 'UTC', 'YYYY_MM')
      AND right(c.relname::text, 7) < '9'
)
FROM (VALUES ('saga_events'), ('saga_archive')) AS t (parent)
