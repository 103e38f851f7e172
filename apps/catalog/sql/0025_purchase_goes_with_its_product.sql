-- What was bought of a product is forgotten with the product.
-- Locks products against writes for an instant (ADD FOREIGN KEY: SHARE ROW EXCLUSIVE).
ALTER TABLE product_purchases
    ADD CONSTRAINT product_purchases_product_id_fkey
        FOREIGN KEY (product_id) REFERENCES products (id) ON DELETE CASCADE;
