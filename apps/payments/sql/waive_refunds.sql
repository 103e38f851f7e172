-- Give up refunds that are asked of the gateway, each with its line in the ledger: minus its amount, so that the order's
-- lines sum up to what the order is worth. Run again it changes nothing. Return what is given up, now or before. The
-- payments are locked.
-- about: update refunds
WITH asked AS (
    SELECT *
    FROM unnest(
        %(receipt_ids)s::uuid[], %(line_ids)s::uuid[], %(line_keys)s::uuid[], %(proposed_by)s::text[],
        %(approved_by)s::text[], %(reasons)s::text[]
    ) AS t (receipt_id, line_id, line_key, proposed_by, approved_by, waived_because)
),
locked AS (
    SELECT id
    FROM refunds
    WHERE receipt_id = ANY(%(receipt_ids)s::uuid[]) AND state IN ('calling', 'waived')
    ORDER BY receipt_id
    FOR UPDATE
),
waived AS (
    UPDATE refunds r
    SET state = 'waived'
    FROM asked, locked
    WHERE r.receipt_id = asked.receipt_id AND r.id = locked.id
    RETURNING r.receipt_id, r.payment_id, r.amount, r.currency
),
lines AS (
    INSERT INTO payment_ledger (
        id, order_id, payment_id, kind, amount, currency, effect_id, reason, proposed_by, approved_by
    )
    SELECT
        asked.line_id, p.order_id, p.id, 'waiver', -waived.amount, waived.currency, asked.line_key, asked.waived_because,
        asked.proposed_by, asked.approved_by
    FROM waived
    JOIN asked USING (receipt_id)
    JOIN payments p ON p.id = waived.payment_id
    ON CONFLICT (effect_id) DO NOTHING
)
SELECT receipt_id, amount FROM waived
