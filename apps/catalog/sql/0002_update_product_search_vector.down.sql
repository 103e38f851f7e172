DROP TRIGGER update_product_search_vector_trigger ON products;
DROP FUNCTION update_product_search_vector();
