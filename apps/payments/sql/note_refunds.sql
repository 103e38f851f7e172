-- Note that promised refunds are asked of the gateway, each under its key; one that is there already is counted and told.
-- The row is what two workers meet at. A released one stays so.
-- about: insert refunds
WITH asked AS (
    SELECT *
    FROM unnest(
        %(ids)s::uuid[], %(keys)s::uuid[], %(order_ids)s::uuid[], %(return_ids)s::uuid[], %(receipt_ids)s::uuid[],
        %(amounts)s::numeric[], %(currencies)s::text[], %(reasons)s::text[]
    ) AS t (id, key, order_id, return_id, receipt_id, amount, currency, reason)
),
noted AS (
    INSERT INTO refunds AS r (
        id, payment_id, attempt_id, return_id, receipt_id, effect_id, amount, currency, reason, state
    )
    SELECT
        asked.id, p.id, a.id, asked.return_id, asked.receipt_id, asked.key, asked.amount, asked.currency, asked.reason,
        'calling'
    FROM asked
    JOIN payments p ON p.order_id = asked.order_id
    JOIN payment_attempts a ON a.payment_id = p.id AND a.state = 'succeeded'
    ORDER BY asked.receipt_id
    ON CONFLICT (receipt_id) DO UPDATE
    SET state = CASE r.state WHEN 'held' THEN 'calling' ELSE r.state END,
        effect_id = CASE WHEN r.state <> 'released' THEN coalesce(r.effect_id, EXCLUDED.effect_id) END,
        tries = r.tries + (r.state = 'calling')::int
    RETURNING r.receipt_id, r.effect_id, r.attempt_id, r.amount, r.currency, r.state, r.tries
)
SELECT noted.*, a.gateway_reference
FROM noted
JOIN payment_attempts a ON a.id = noted.attempt_id
