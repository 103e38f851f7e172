-- Every disagreement between the ledger, the payments and the attempts.
-- about: select payment_ledger
WITH lines AS (
    SELECT
        l.payment_id,
        coalesce(sum(l.amount) FILTER (WHERE l.kind = 'capture'), 0) AS captured,
        coalesce(-sum(l.amount) FILTER (WHERE l.kind = 'refund'), 0) AS refunded,
        coalesce(-sum(l.amount) FILTER (WHERE l.kind = 'waiver'), 0) AS waived,
        bool_or(l.currency <> p.currency) AS is_mixed,
        bool_or(l.order_id <> p.order_id) AS is_astray
    FROM payment_ledger l
    JOIN payments p ON p.id = l.payment_id
    GROUP BY l.payment_id
)
SELECT p.order_id, 'captured_amount' AS what, p.captured_amount::text AS expected, coalesce(l.captured, 0)::text AS found
FROM payments p
LEFT JOIN lines l ON l.payment_id = p.id
WHERE p.captured_amount <> coalesce(l.captured, 0)
UNION ALL
SELECT p.order_id, 'refunded_amount', p.refunded_amount::text, coalesce(l.refunded, 0)::text
FROM payments p
LEFT JOIN lines l ON l.payment_id = p.id
WHERE p.refunded_amount <> coalesce(l.refunded, 0)
UNION ALL
SELECT p.order_id, 'currency', p.currency, 'another in its ledger'
FROM payments p
JOIN lines l ON l.payment_id = p.id
WHERE l.is_mixed
UNION ALL
SELECT p.order_id, 'order', p.order_id::text, 'another in its ledger'
FROM payments p
JOIN lines l ON l.payment_id = p.id
WHERE l.is_astray
UNION ALL
SELECT a.order_id, 'capture of attempt ' || a.id, coalesce(e.amount, 0)::text, coalesce(l.amount, 0)::text
FROM payment_attempts a
LEFT JOIN LATERAL (SELECT a.amount WHERE a.state IN ('succeeded', 'refunded')) AS e ON true
LEFT JOIN payment_ledger l ON l.effect_id = a.id
WHERE coalesce(e.amount, 0) <> coalesce(l.amount, 0)
UNION ALL
SELECT a.order_id, 'refund of attempt ' || a.id, coalesce(e.amount, 0)::text, coalesce(r.amount, 0)::text
FROM payment_attempts a
LEFT JOIN LATERAL (
    SELECT CASE
        WHEN a.state = 'refunded' THEN a.amount
        -- A charge that stands may have been given back in parts, each for a return.
        WHEN a.state = 'succeeded' THEN sum(f.amount) FILTER (WHERE f.state = 'succeeded')
    END AS amount
    FROM refunds f
    WHERE f.attempt_id = a.id
) AS e ON true
LEFT JOIN LATERAL (
    SELECT -sum(l.amount) AS amount
    FROM refunds f
    JOIN payment_ledger l ON l.effect_id = f.effect_id
    WHERE f.attempt_id = a.id
) AS r ON true
WHERE coalesce(e.amount, 0) <> coalesce(r.amount, 0)
UNION ALL
SELECT p.order_id, 'waiver', w.amount::text, l.waived::text
FROM payments p
JOIN lines l ON l.payment_id = p.id
CROSS JOIN LATERAL (
    SELECT CASE
        WHEN EXISTS (SELECT FROM payment_attempts a WHERE a.payment_id = p.id AND a.waived_at IS NOT NULL)
            THEN l.captured - l.refunded
        -- A charge that stands may have been given up in parts, each of a return.
        ELSE coalesce(sum(f.amount), 0)
    END AS amount
    FROM refunds f
    WHERE f.payment_id = p.id AND f.return_id IS NOT NULL AND f.state = 'waived'
) AS w
WHERE w.amount <> l.waived
UNION ALL
SELECT p.order_id, 'promised refunds', 'at most ' || p.captured_amount, sum(f.amount)::text
FROM payments p
JOIN refunds f ON f.payment_id = p.id AND f.state <> 'released'
GROUP BY p.id
HAVING sum(f.amount) > p.captured_amount
ORDER BY 1, 2
