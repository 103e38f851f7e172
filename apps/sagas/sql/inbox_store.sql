-- Store the replies of a batch, in the commit of their effects.
-- about: insert saga_inbox
INSERT INTO saga_inbox (saga_id, step, direction, epoch, outcome, reply, request_hash)
SELECT *
FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::int[], %s::text[], %s::jsonb[], %s::bytea[])
