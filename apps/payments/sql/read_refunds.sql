-- Where the refunds of some receipts stand.
-- about: select refunds
SELECT receipt_id, state FROM refunds WHERE receipt_id = ANY(%(receipt_ids)s::uuid[])
