-- The orders of a product are found without reading every line.
CREATE INDEX idx_order_line_items_product_id ON order_line_items (product_id);
