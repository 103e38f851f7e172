DROP TRIGGER update_cart_line_items_updated_at ON cart_line_items;
DROP TRIGGER update_shopping_carts_updated_at ON shopping_carts;
DROP TRIGGER update_orders_updated_at ON orders;

-- Other tables of this database may use the function.
DO $$
BEGIN
    DROP FUNCTION update_updated_at_column();
EXCEPTION WHEN dependent_objects_still_exist THEN
    NULL;
END;
$$;
