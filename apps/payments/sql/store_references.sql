-- Keep the gateway's name of each charge before money moves. Refused, by returning nothing, once a compensation has
-- begun: who has no reference stored does not charge, so the compensation need not look for it.
-- about: update payment_attempts
UPDATE payment_attempts a
SET gateway_reference = t.reference
FROM unnest(%(ids)s::uuid[], %(references)s::text[]) AS t (id, reference)
WHERE a.id = t.id AND a.state = 'calling' AND a.undo_asked_at IS NULL
RETURNING a.id
