-- Note what became of the mails handed over; who handed one over may say sent even where others call it unknown.
-- about: update messages
WITH said AS (
    SELECT * FROM unnest(%(ids)s::uuid[], %(states)s::text[], %(errors)s::text[]) AS t (id, state, error)
),
locked AS (
    SELECT m.id
    FROM messages m
    JOIN said ON said.id = m.id
    WHERE m.state = 'sending' OR (m.state = 'unknown' AND said.state = 'sent')
    ORDER BY m.id
    FOR UPDATE OF m
)
UPDATE messages m
SET state = said.state, error = said.error, sent_at = CASE said.state WHEN 'sent' THEN now() END
FROM said
JOIN locked USING (id)
WHERE m.id = said.id
