-- `updated_at` is the time of the statement's transaction that last changed the row, whoever changed it.
-- The function also serves the other tables of this database.
CREATE OR REPLACE FUNCTION update_updated_at_column() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
    NEW.updated_at = now();
    RETURN NEW;
END;
$$;

CREATE TRIGGER update_orders_updated_at BEFORE UPDATE ON orders
    FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();

CREATE TRIGGER update_shopping_carts_updated_at BEFORE UPDATE ON shopping_carts
    FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();

CREATE TRIGGER update_cart_line_items_updated_at BEFORE UPDATE ON cart_line_items
    FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();
