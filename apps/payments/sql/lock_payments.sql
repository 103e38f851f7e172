-- Lock the payments of some orders, in the order of their ids, so that two batches never wait in a circle.
-- about: select payments
SELECT id FROM payments WHERE order_id = ANY(%(order_ids)s::uuid[]) ORDER BY id FOR NO KEY UPDATE
