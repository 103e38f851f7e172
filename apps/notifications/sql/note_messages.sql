-- Queue a mail for each order, in the order of their ids; one that is there already is counted and told.
-- Found sending it becomes unknown: its worker died, or sleeps, and nobody knows whether the mail left.
-- about: insert messages
INSERT INTO messages AS m (id, kind, order_id, recipient, subject, text, html)
SELECT t.id, %(kind)s, t.about_id, t.recipient, t.subject, t.text, t.html
FROM unnest(
    %(ids)s::uuid[], %(about_ids)s::uuid[], %(recipients)s::text[], %(subjects)s::text[], %(texts)s::text[],
    %(htmls)s::text[]
) AS t (id, about_id, recipient, subject, text, html)
ORDER BY t.about_id
ON CONFLICT (order_id, kind) DO UPDATE
SET tries = m.tries + 1,
    state = CASE m.state WHEN 'sending' THEN 'unknown' ELSE m.state END,
    error = CASE m.state WHEN 'sending' THEN 'found sending: nobody knows whether it left' ELSE m.error END
RETURNING m.id, m.order_id AS about_id, m.state, m.recipient, m.subject, m.text, m.html
