-- Returns cannot outlive their order, nor their lines the return or the line of the order: the database deletes them
-- together.
ALTER TABLE order_returns ADD CONSTRAINT order_returns_order_id_fkey
    FOREIGN KEY (order_id) REFERENCES orders (id) ON DELETE CASCADE;

ALTER TABLE order_return_lines ADD CONSTRAINT order_return_lines_return_id_fkey
    FOREIGN KEY (return_id) REFERENCES order_returns (id) ON DELETE CASCADE;

ALTER TABLE order_return_lines ADD CONSTRAINT order_return_lines_line_id_fkey
    FOREIGN KEY (line_id) REFERENCES order_line_items (id) ON DELETE CASCADE;
