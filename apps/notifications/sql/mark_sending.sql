-- Say that the mails of the next chunk are about to be handed over; only who says so hands over. The same commit notes
-- what became of the chunk before.
-- about: update messages
WITH noted AS (
    UPDATE messages m
    SET state = t.state, error = t.error, sent_at = CASE t.state WHEN 'sent' THEN now() END
    FROM unnest(%(noted_ids)s::uuid[], %(noted_states)s::text[], %(noted_errors)s::text[]) AS t (id, state, error)
    WHERE m.id = t.id AND (m.state = 'sending' OR (m.state = 'unknown' AND t.state = 'sent'))
)
UPDATE messages m
SET state = 'sending', sending_at = now(), error = NULL
FROM (
    SELECT id FROM messages WHERE id = ANY(%(ids)s::uuid[]) AND state = 'queued' ORDER BY id FOR UPDATE
) AS locked
WHERE m.id = locked.id
RETURNING m.id
