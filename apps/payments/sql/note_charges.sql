-- Note the intent to charge each order, and open its payment; an attempt that is there already is counted and told.
-- The attempt's row is what two workers, or a worker and a compensation, meet at: who finds a tombstone opens no payment.
-- about: insert payment_attempts
WITH asked AS (
    SELECT *
    FROM unnest(
        %(ids)s::uuid[], %(payment_ids)s::uuid[], %(order_ids)s::uuid[], %(user_ids)s::uuid[], %(epochs)s::int[],
        %(amounts)s::numeric[], %(currencies)s::text[], %(payment_methods)s::text[]
    ) AS t (id, payment_id, order_id, user_id, epoch, amount, currency, payment_method)
),
tried AS (
    INSERT INTO payment_attempts AS a (
        id, payment_id, order_id, epoch, amount, currency, gateway, payment_method, state, first_called_at
    )
    SELECT
        asked.id, coalesce(p.id, asked.payment_id), asked.order_id, asked.epoch, asked.amount, asked.currency,
        %(gateway)s, asked.payment_method, 'calling', clock_timestamp()
    FROM asked
    LEFT JOIN payments p ON p.order_id = asked.order_id
    ORDER BY asked.id
    ON CONFLICT (id) DO UPDATE SET tries = a.tries + 1
    RETURNING a.*
),
opened AS (
    INSERT INTO payments (id, order_id, user_id, amount, currency, gateway)
    SELECT asked.payment_id, asked.order_id, asked.user_id, asked.amount, asked.currency, %(gateway)s
    FROM asked
    JOIN tried ON tried.id = asked.id AND tried.payment_id = asked.payment_id
    ORDER BY asked.order_id
)
SELECT
    id, payment_id, amount, currency, state, tries, renewal, gateway_reference, decline_reason, last_error,
    undo_asked_at IS NOT NULL AS undo_asked,
    first_called_at < clock_timestamp() - %(key_life)s::interval AS is_expired
FROM tried
