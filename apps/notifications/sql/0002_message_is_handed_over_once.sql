-- A message moves along its states only, so that no mail is handed to the mail server a second time.
-- queued -> sending -> sent; a refusal for the time being leads back to queued, one for good to failed; found sending by
-- somebody else it is unknown, and only the worker that handed it over can still say sent. Nothing leaves sent or failed.
-- Takes no lock beyond the rows changed; CREATE TRIGGER locks messages for an instant.
CREATE FUNCTION message_is_handed_over_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN (
        ('queued', 'sending'),
        ('sending', 'sent'), ('sending', 'queued'), ('sending', 'failed'), ('sending', 'unknown'),
        ('unknown', 'sent')
    ) THEN
        RAISE EXCEPTION 'the message % is %: it cannot become %', OLD.id, OLD.state, NEW.state
            USING ERRCODE = 'check_violation', CONSTRAINT = 'message_is_handed_over_once', TABLE = 'messages';
    END IF;
    RETURN NEW;
END;
$$;

CREATE TRIGGER message_is_handed_over_once BEFORE UPDATE OF state ON messages
    FOR EACH ROW EXECUTE FUNCTION message_is_handed_over_once();
