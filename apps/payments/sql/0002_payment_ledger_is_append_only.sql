-- A line of the ledger is never changed and never deleted: a mistake is mended by another line.
-- Takes no lock beyond the rows a statement would change; CREATE TRIGGER locks payment_ledger for an instant.
-- TRUNCATE is left to the table's owner: test databases are emptied by it.
CREATE FUNCTION payment_ledger_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the line % of the ledger cannot be changed or deleted: add another line', OLD.id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'payment_ledger_is_append_only', TABLE = 'payment_ledger';
END;
$$;

CREATE TRIGGER payment_ledger_is_append_only BEFORE UPDATE OR DELETE ON payment_ledger
    FOR EACH ROW EXECUTE FUNCTION payment_ledger_is_append_only();
