-- What was promised to acts of receiving goods, and what the ledger says went back of it.
-- about: select refunds
SELECT f.receipt_id, f.state, f.amount, f.currency, coalesce(-l.amount, 0) AS given_back
FROM refunds f
LEFT JOIN payment_ledger l ON l.effect_id = f.effect_id AND l.kind = 'refund'
WHERE f.receipt_id = ANY (%(ids)s)
