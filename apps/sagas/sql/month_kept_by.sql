-- The sagas born in a month for which it must be kept: those that are not archived, whether their row lives or is lost, and
-- those that somebody has still to see to.
-- about: select saga_events
SELECT id
FROM saga_transactions
WHERE id >= %(first)s AND id < %(end)s
UNION
SELECT e.saga_id
FROM saga_events e
WHERE e.saga_id >= %(first)s AND e.saga_id < %(end)s
  AND NOT EXISTS (SELECT FROM saga_archive a WHERE a.id = e.saga_id AND a.id >= %(first)s AND a.id < %(end)s)
UNION
SELECT saga_id
FROM saga_dead_letters
WHERE saga_id >= %(first)s AND saga_id < %(end)s AND state = 'open'
UNION
SELECT saga_id
FROM saga_requests
WHERE saga_id >= %(first)s AND saga_id < %(end)s AND consumed_at IS NULL
ORDER BY 1
LIMIT 20
