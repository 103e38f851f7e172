DROP TRIGGER update_order_returns_updated_at ON order_returns;
DROP TRIGGER set_return_number_trigger ON order_returns;
DROP FUNCTION set_return_number();
DROP SEQUENCE return_numbers;
