-- Take back what was promised to some receipts.
-- about: update refunds
UPDATE refunds SET state = 'released' WHERE receipt_id = ANY(%(receipt_ids)s::uuid[]) AND state = 'held'
