DROP TRIGGER set_order_number_trigger ON orders;
DROP FUNCTION set_order_number();
DROP FUNCTION generate_order_number();
DROP SEQUENCE order_numbers;
