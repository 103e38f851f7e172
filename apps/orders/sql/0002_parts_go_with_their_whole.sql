-- Lines, events and discounts cannot outlive their order, nor lines their cart: the database deletes them together.
ALTER TABLE order_line_items ADD CONSTRAINT order_line_items_order_id_fkey
    FOREIGN KEY (order_id) REFERENCES orders (id) ON DELETE CASCADE;

ALTER TABLE order_events ADD CONSTRAINT order_events_order_id_fkey
    FOREIGN KEY (order_id) REFERENCES orders (id) ON DELETE CASCADE;

ALTER TABLE order_discounts ADD CONSTRAINT order_discounts_order_id_fkey
    FOREIGN KEY (order_id) REFERENCES orders (id) ON DELETE CASCADE;

ALTER TABLE cart_line_items ADD CONSTRAINT cart_line_items_cart_id_fkey
    FOREIGN KEY (cart_id) REFERENCES shopping_carts (id) ON DELETE CASCADE;
