-- Write promises, or the tombstones of promises that never came; who comes second leaves the first as it is.
-- about: insert refunds
INSERT INTO refunds (id, payment_id, attempt_id, return_id, receipt_id, amount, currency, reason, state)
SELECT t.*, %(state)s
FROM unnest(
    %(ids)s::uuid[], %(payment_ids)s::uuid[], %(attempt_ids)s::uuid[], %(return_ids)s::uuid[], %(receipt_ids)s::uuid[],
    %(amounts)s::numeric[], %(currencies)s::text[], %(reasons)s::text[]
) AS t
ON CONFLICT (receipt_id) DO NOTHING
