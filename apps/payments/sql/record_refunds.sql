-- Note what the gateway said of each refund that was asked of it, with the ledger's line of each that it gave.
-- Run again it changes nothing: a refund that is done stays so, and lines are unique by their keys. One that was given up
-- may be done all the same. Refunds are locked in the order in which note_refunds locks them, so that two batches never
-- wait for each other in a circle.
-- about: update refunds
WITH said AS (
    SELECT *
    FROM unnest(%(keys)s::uuid[], %(references)s::text[], %(errors)s::text[], %(line_ids)s::uuid[])
        AS t (key, gateway_reference, error, line_id)
),
locked AS (
    SELECT id, state = 'waived' AS was_waived
    FROM refunds
    WHERE effect_id = ANY(%(keys)s::uuid[]) AND state IN ('calling', 'waived')
    ORDER BY receipt_id
    FOR UPDATE
),
done AS (
    UPDATE refunds r
    SET state = CASE WHEN said.gateway_reference IS NULL THEN r.state ELSE 'succeeded' END,
        gateway_reference = said.gateway_reference,
        last_error = said.error
    FROM said, locked
    WHERE r.effect_id = said.key AND r.id = locked.id
    RETURNING r.*, said.line_id, locked.was_waived
),
lines AS (
    INSERT INTO payment_ledger (id, order_id, payment_id, kind, amount, currency, effect_id, reason)
    SELECT done.line_id, p.order_id, p.id, 'refund', -done.amount, done.currency, done.effect_id, done.reason
    FROM done
    JOIN payments p ON p.id = done.payment_id
    WHERE done.state = 'succeeded'
    ON CONFLICT (effect_id) DO NOTHING
    RETURNING effect_id, payment_id, order_id, amount, currency
)
SELECT lines.*, done.was_waived
FROM lines
JOIN done USING (effect_id)
