-- Note what the gateway said of each attempt that is being undone: fenced, found charged, given back; with the refund
-- and the ledger's lines. Run again it changes nothing: lines and refunds are unique by their keys.
-- about: update payment_attempts
WITH said AS (
    SELECT *
    FROM unnest(
        %(ids)s::uuid[], %(founds)s::text[], %(references)s::text[], %(reasons)s::text[], %(errors)s::text[],
        %(refund_ids)s::uuid[], %(refund_keys)s::uuid[], %(refund_references)s::text[], %(refund_reasons)s::text[],
        %(capture_line_ids)s::uuid[], %(refund_line_ids)s::uuid[]
    ) AS t (
        id, found, gateway_reference, decline_reason, error,
        refund_id, refund_key, refund_reference, refund_reason, capture_line_id, refund_line_id
    )
),
locked AS (
    SELECT id FROM payment_attempts WHERE id = ANY(%(ids)s::uuid[]) ORDER BY id FOR UPDATE
),
undone AS (
    UPDATE payment_attempts a
    SET state = CASE
            WHEN said.found IS NULL OR a.state = 'refunded' THEN a.state
            WHEN said.found = 'succeeded' AND said.refund_reference IS NOT NULL THEN 'refunded'
            WHEN said.found = 'succeeded' OR a.state = 'calling' THEN said.found
            ELSE a.state
        END,
        gateway_reference = coalesce(said.gateway_reference, a.gateway_reference),
        decline_reason = coalesce(said.decline_reason, a.decline_reason),
        last_error = said.error,
        fenced_at = CASE WHEN said.found IS NOT NULL THEN coalesce(a.fenced_at, now()) ELSE a.fenced_at END
    FROM said
    JOIN locked USING (id)
    WHERE a.id = said.id
    RETURNING a.*
),
charged AS (
    SELECT said.*, undone.order_id, undone.payment_id, undone.amount, undone.currency, undone.waived_at
    FROM undone
    JOIN said USING (id)
    WHERE said.found = 'succeeded'
),
asked AS (
    INSERT INTO refunds AS r (
        id, payment_id, attempt_id, effect_id, amount, currency, state, gateway_reference, reason, last_error
    )
    SELECT
        refund_id, payment_id, id, refund_key, amount, currency,
        CASE WHEN refund_reference IS NULL THEN 'calling' ELSE 'succeeded' END,
        refund_reference, refund_reason, error
    FROM charged
    ON CONFLICT (effect_id) DO UPDATE
    SET state = EXCLUDED.state, gateway_reference = EXCLUDED.gateway_reference, last_error = EXCLUDED.last_error
    WHERE r.state = 'calling' OR (r.state = 'waived' AND EXCLUDED.state = 'succeeded')
),
captured AS (
    INSERT INTO payment_ledger (id, order_id, payment_id, kind, amount, currency, effect_id)
    SELECT capture_line_id, order_id, payment_id, 'capture', amount, currency, id
    FROM charged
    ON CONFLICT (effect_id) DO NOTHING
    RETURNING kind, payment_id, order_id, amount, currency
),
returned AS (
    INSERT INTO payment_ledger (id, order_id, payment_id, kind, amount, currency, effect_id, reason)
    SELECT refund_line_id, order_id, payment_id, 'refund', -amount, currency, refund_key, refund_reason
    FROM charged
    WHERE refund_reference IS NOT NULL
    ON CONFLICT (effect_id) DO NOTHING
    RETURNING kind, payment_id, order_id, amount, currency
)
SELECT captured.*, false AS is_waived
FROM captured
UNION ALL
SELECT returned.*, c.waived_at IS NOT NULL
FROM returned
JOIN charged c USING (payment_id)
