-- An order without a number gets the next one of a sequence: unique without looking, and no order waits for another.
-- A transaction that is rolled back leaves a gap.
CREATE SEQUENCE order_numbers START WITH 100001;

CREATE FUNCTION generate_order_number() RETURNS text
LANGUAGE sql VOLATILE
AS $$ SELECT 'ORD-' || nextval('order_numbers') $$;

CREATE FUNCTION set_order_number() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
    IF NEW.order_number IS NULL OR NEW.order_number = '' THEN
        NEW.order_number := generate_order_number();
    END IF;
    RETURN NEW;
END;
$$;

CREATE TRIGGER set_order_number_trigger
    BEFORE INSERT ON orders
    FOR EACH ROW EXECUTE FUNCTION set_order_number();
