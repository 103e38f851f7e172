-- Where the charge to undo was never noted, leave its tombstone: whoever comes late to charge finds it, and does nothing.
-- about: insert payment_attempts
INSERT INTO payment_attempts (id, order_id, epoch, gateway, state, undo_asked_at)
SELECT t.id, t.order_id, t.epoch, %(gateway)s, 'cancelled', now()
FROM unnest(%(ids)s::uuid[], %(order_ids)s::uuid[], %(epochs)s::int[]) AS t (id, order_id, epoch)
ORDER BY t.id
ON CONFLICT (id) DO NOTHING
