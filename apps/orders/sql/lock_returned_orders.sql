-- Lock the orders of some returns, in the order of their ids, so that two batches never wait for each other in a circle.
-- about: select orders
SELECT o.id
FROM orders o
WHERE o.id IN (SELECT order_id FROM order_returns WHERE id = ANY(%(ids)s::uuid[]))
ORDER BY o.id
FOR UPDATE
