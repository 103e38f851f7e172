-- An attempt moves along its states only, and what it was asked to charge never changes.
-- The gateway's answer to an attempt that calls is its end: succeeded, declined or cancelled. Only a compensation goes
-- on from there: it gives back what was charged, also under a decline or a tombstone when the gateway holds money there
-- after all. Nothing leaves refunded.
-- Takes no lock beyond the rows changed; CREATE TRIGGER locks payment_attempts for an instant.
CREATE FUNCTION payment_attempt_follows_its_states() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state <> OLD.state AND NOT (
        OLD.state = 'calling'
        OR (OLD.state = 'succeeded' AND NEW.state = 'refunded' AND NEW.undo_asked_at IS NOT NULL)
        OR (OLD.state IN ('declined', 'cancelled') AND NEW.state IN ('succeeded', 'refunded')
            AND NEW.undo_asked_at IS NOT NULL)
    ) THEN
        RAISE EXCEPTION 'the attempt % is %: it cannot become %', OLD.id, OLD.state, NEW.state
            USING ERRCODE = 'check_violation', CONSTRAINT = 'payment_attempt_follows_its_states',
                TABLE = 'payment_attempts';
    END IF;
    IF (OLD.payment_id IS NOT NULL AND NEW.payment_id IS DISTINCT FROM OLD.payment_id)
        OR (OLD.amount IS NOT NULL AND NEW.amount IS DISTINCT FROM OLD.amount)
        OR (OLD.currency IS NOT NULL AND NEW.currency IS DISTINCT FROM OLD.currency)
        OR NEW.order_id <> OLD.order_id OR NEW.epoch <> OLD.epoch
    THEN
        RAISE EXCEPTION 'the attempt % cannot charge something else: its key stands for what was asked first', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'payment_attempt_follows_its_states',
                TABLE = 'payment_attempts';
    END IF;
    RETURN NEW;
END;
$$;

CREATE TRIGGER payment_attempt_follows_its_states
    BEFORE UPDATE OF state, payment_id, amount, currency, order_id, epoch ON payment_attempts
    FOR EACH ROW EXECUTE FUNCTION payment_attempt_follows_its_states();
