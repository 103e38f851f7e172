-- Rows that lie in no month: nobody made the partition of theirs in time. Counted to a thousand.
-- about: select saga_events
SELECT 'saga_events', (SELECT count(*) FROM (SELECT FROM saga_events_default LIMIT 1000) AS few)
UNION ALL
SELECT 'saga_archive', (SELECT count(*) FROM (SELECT FROM saga_archive_default LIMIT 1000) AS few)
