-- Note what the gateway said of each attempt that still calls, with the ledger's line of each charge.
-- An attempt that has gone on meanwhile is left as it is, and not returned. Attempts and payments are locked in the
-- order of their ids, so that two batches never wait for each other in a circle.
-- about: update payment_attempts
WITH said AS (
    SELECT *
    FROM unnest(
        %(ids)s::uuid[], %(states)s::text[], %(references)s::text[], %(reasons)s::text[], %(errors)s::text[],
        %(spent)s::boolean[], %(line_ids)s::uuid[]
    ) AS t (id, state, gateway_reference, decline_reason, error, spent, line_id)
),
locked AS (
    SELECT a.id
    FROM payment_attempts a
    JOIN payments p ON p.id = a.payment_id
    WHERE a.id = ANY(%(ids)s::uuid[]) AND a.state = 'calling'
    ORDER BY a.id
    FOR UPDATE OF a, p
),
known AS (
    UPDATE payment_attempts a
    SET state = coalesce(said.state, a.state),
        gateway_reference = coalesce(said.gateway_reference, a.gateway_reference),
        decline_reason = said.decline_reason,
        last_error = said.error,
        renewal = a.renewal + said.spent::int,
        fenced_at = CASE WHEN said.state = 'cancelled' THEN now() END
    FROM said
    JOIN locked USING (id)
    WHERE a.id = said.id
    RETURNING a.*
),
captured AS (
    INSERT INTO payment_ledger (id, order_id, payment_id, kind, amount, currency, effect_id)
    SELECT said.line_id, known.order_id, known.payment_id, 'capture', known.amount, known.currency, known.id
    FROM known
    JOIN said USING (id)
    WHERE known.state = 'succeeded'
)
SELECT id, state, gateway_reference, decline_reason, last_error FROM known
