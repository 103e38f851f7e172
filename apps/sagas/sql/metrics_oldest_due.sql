-- The oldest due saga of each lane, one look into the index a lane. A claimed saga comes due when its lease ends.
-- about: select saga_transactions
SELECT l.lane, coalesce(extract(epoch FROM clock_timestamp() - oldest.due_at), 0)
FROM unnest(%s::text[]) AS l (lane)
LEFT JOIN LATERAL (
    SELECT s.due_at
    FROM saga_transactions s
    WHERE s.lane = l.lane
      AND s.status IN ('active', 'compensating')
      AND s.hold IS NULL
      AND s.due_at <= clock_timestamp()
    ORDER BY s.due_at
    LIMIT 1
) AS oldest ON true
