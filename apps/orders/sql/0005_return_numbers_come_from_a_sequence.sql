-- A return without a number gets the next one of a sequence, as an order does.
CREATE SEQUENCE return_numbers START WITH 100001;

CREATE FUNCTION set_return_number() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
    IF NEW.return_number IS NULL OR NEW.return_number = '' THEN
        NEW.return_number := 'RET-' || nextval('return_numbers');
    END IF;
    RETURN NEW;
END;
$$;

CREATE TRIGGER set_return_number_trigger
    BEFORE INSERT ON order_returns
    FOR EACH ROW EXECUTE FUNCTION set_return_number();

CREATE TRIGGER update_order_returns_updated_at BEFORE UPDATE ON order_returns
    FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();
