-- Note that promised refunds are asked of the gateway, each under its key; one that was asked before is counted and told.
-- The row is what two workers meet at, locked in the order of the receipts. A released one stays so.
-- about: update refunds
WITH locked AS (
    SELECT id FROM refunds WHERE receipt_id = ANY(%(receipt_ids)s::uuid[]) ORDER BY receipt_id FOR UPDATE
),
noted AS (
    UPDATE refunds r
    SET state = CASE r.state WHEN 'held' THEN 'calling' ELSE r.state END,
        effect_id = CASE WHEN r.state <> 'released' THEN coalesce(r.effect_id, asked.key) END,
        tries = r.tries + (r.state = 'calling')::int
    FROM locked, unnest(%(receipt_ids)s::uuid[], %(keys)s::uuid[]) AS asked (receipt_id, key)
    WHERE r.id = locked.id AND asked.receipt_id = r.receipt_id
    RETURNING r.receipt_id, r.effect_id, r.attempt_id, r.amount, r.currency, r.state, r.tries
)
SELECT noted.*, a.gateway_reference
FROM noted
JOIN payment_attempts a ON a.id = noted.attempt_id
