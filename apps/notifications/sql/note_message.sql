-- Queue a mail that is about no order, under an id of the caller's; one that is there already is counted and told.
-- Found sending it becomes unknown, as in note_messages.
-- about: insert messages
INSERT INTO messages AS m (id, kind, recipient, subject, text, html)
VALUES (%(id)s, %(kind)s, %(recipient)s, %(subject)s, %(text)s, %(html)s)
ON CONFLICT (id) DO UPDATE
SET tries = m.tries + 1,
    state = CASE m.state WHEN 'sending' THEN 'unknown' ELSE m.state END,
    error = CASE m.state WHEN 'sending' THEN 'found sending: nobody knows whether it left' ELSE m.error END
RETURNING m.state
