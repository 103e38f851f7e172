DROP TRIGGER category_tree_has_no_cycle_on_update ON categories;
DROP TRIGGER category_tree_has_no_cycle_on_insert ON categories;
DROP FUNCTION category_tree_has_no_cycle();
