-- What the books say of the charges under these keys; attempts that still call say nothing yet. What was waived has its
-- last word: the gateway keeps it.
-- about: select payment_attempts
SELECT
    a.id, a.order_id, a.state,
    coalesce(l.amount, 0) AS captured,
    coalesce((
        SELECT -sum(r.amount)
        FROM refunds f
        JOIN payment_ledger r ON r.effect_id = f.effect_id
        WHERE f.attempt_id = a.id
    ), 0) AS refunded,
    a.currency,
    a.state = 'calling'
        OR (a.state = 'succeeded' AND a.undo_asked_at IS NOT NULL AND a.waived_at IS NULL)
        OR EXISTS (SELECT FROM refunds f WHERE f.attempt_id = a.id AND f.return_id IS NOT NULL AND f.state = 'calling')
            AS is_open
FROM payment_attempts a
LEFT JOIN payment_ledger l ON l.effect_id = a.id
WHERE a.id = ANY(%(ids)s::uuid[])
