-- Of these sagas, those that ended long enough ago, and those of months that are gone with everything in them. A saga that
-- is unknown here though its month is kept is no reason to forget what was done for it.
-- about: select saga_archive
SELECT v.id
FROM unnest(%(ids)s::uuid[]) AS v (id)
LEFT JOIN saga_archive a ON a.id = v.id
WHERE a.finished_at < %(finished_before)s
   OR (
        a.id IS NULL
        AND v.id < %(born_before)s
        AND NOT EXISTS (SELECT FROM saga_transactions s WHERE s.id = v.id)
        AND NOT EXISTS (SELECT FROM saga_events e WHERE e.saga_id = v.id)
    )
ORDER BY v.id
