-- Note in the ledger that what the gateway still holds of these charges is given up by two people: minus that amount, so
-- that the order's lines sum up to what the order is worth. Run again it changes nothing. The attempts are locked.
-- about: insert payment_ledger
WITH asked AS (
    SELECT *
    FROM unnest(
        %(ids)s::uuid[], %(line_ids)s::uuid[], %(effect_ids)s::uuid[], %(proposed_by)s::text[], %(approved_by)s::text[],
        %(reasons)s::text[]
    ) AS t (id, line_id, effect_id, proposed_by, approved_by, reason)
),
held AS (
    SELECT asked.*, l.order_id, l.payment_id, l.currency, l.amount + coalesce(back.amount, 0) AS amount
    FROM asked
    JOIN payment_ledger l ON l.effect_id = asked.id
    LEFT JOIN LATERAL (
        SELECT sum(r.amount) AS amount
        FROM refunds f
        JOIN payment_ledger r ON r.effect_id = f.effect_id
        WHERE f.attempt_id = asked.id
    ) AS back ON true
    WHERE l.amount + coalesce(back.amount, 0) > 0
),
lines AS (
    INSERT INTO payment_ledger (
        id, order_id, payment_id, kind, amount, currency, effect_id, reason, proposed_by, approved_by
    )
    SELECT line_id, order_id, payment_id, 'waiver', -amount, currency, effect_id, reason, proposed_by, approved_by
    FROM held
    ON CONFLICT (effect_id) DO NOTHING
),
closed AS (
    UPDATE refunds f SET state = 'waived' FROM held WHERE f.attempt_id = held.id AND f.state = 'calling'
),
noted AS (
    UPDATE payment_attempts a SET waived_at = coalesce(a.waived_at, now()) FROM held WHERE a.id = held.id
)
SELECT order_id, amount, currency FROM held
