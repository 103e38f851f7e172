-- Make each order's payment say what its attempts and its ledger lines say.
-- about: update payments
UPDATE payments p
SET captured_amount = coalesce(sums.captured, 0),
    refunded_amount = coalesce(sums.refunded, 0),
    status = CASE
        WHEN sums.refunded > 0 AND sums.refunded = sums.captured THEN 'refunded'
        WHEN sums.refunded > 0 THEN 'partially_refunded'
        WHEN sums.captured > 0 THEN 'succeeded'
        WHEN tries.any_calling THEN 'pending'
        WHEN tries.any_declined THEN 'declined'
        ELSE 'cancelled'
    END
FROM (
    SELECT
        l.payment_id,
        coalesce(sum(l.amount) FILTER (WHERE l.kind = 'capture'), 0) AS captured,
        coalesce(-sum(l.amount) FILTER (WHERE l.kind = 'refund'), 0) AS refunded
    FROM payment_ledger l
    WHERE l.order_id = ANY(%(order_ids)s::uuid[])
    GROUP BY l.payment_id
) AS sums
RIGHT JOIN (
    SELECT
        a.payment_id,
        bool_or(a.state = 'calling') AS any_calling,
        bool_or(a.state = 'declined') AS any_declined
    FROM payment_attempts a
    WHERE a.order_id = ANY(%(order_ids)s::uuid[])
    GROUP BY a.payment_id
) AS tries USING (payment_id)
WHERE p.id = payment_id
