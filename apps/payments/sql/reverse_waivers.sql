-- Take back the waivers of charges that the gateway has given back after all: plus the amount that was waived.
-- about: insert payment_ledger
INSERT INTO payment_ledger (
    id, order_id, payment_id, kind, amount, currency, effect_id, reason, proposed_by, approved_by
)
SELECT
    asked.line_id, w.order_id, w.payment_id, 'waiver', -w.amount, w.currency, asked.effect_id,
    'the gateway gave it back after all', w.proposed_by, w.approved_by
FROM unnest(%(waiver_effect_ids)s::uuid[], %(line_ids)s::uuid[], %(effect_ids)s::uuid[])
    AS asked (waiver_effect_id, line_id, effect_id)
JOIN payment_ledger w ON w.effect_id = asked.waiver_effect_id
ON CONFLICT (effect_id) DO NOTHING
