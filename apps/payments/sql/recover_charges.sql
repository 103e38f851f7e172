-- Take from the gateway what this database lost: money under a key for which it has but a tombstone.
-- about: update payment_attempts
WITH said AS (
    SELECT *
    FROM unnest(
        %(ids)s::uuid[], %(order_ids)s::uuid[], %(payment_ids)s::uuid[], %(amounts)s::numeric[], %(currencies)s::text[]
    ) AS t (id, order_id, payment_id, amount, currency)
),
opened AS (
    INSERT INTO payments (id, order_id, amount, currency, gateway)
    SELECT said.payment_id, said.order_id, said.amount, said.currency, %(gateway)s
    FROM said
    ORDER BY said.order_id
    ON CONFLICT (order_id) DO NOTHING
)
UPDATE payment_attempts a
SET payment_id = coalesce(p.id, said.payment_id), amount = said.amount, currency = said.currency
FROM said
LEFT JOIN payments p ON p.order_id = said.order_id
WHERE a.id = said.id AND a.payment_id IS NULL
