DROP TRIGGER initial_stock_is_a_movement ON product_variants;
DROP FUNCTION initial_stock_is_a_movement();
