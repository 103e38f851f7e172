-- What belongs to a product goes with it, whoever deletes it; what the ledger of stock or a sub-category names stays.
-- Django's foreign keys cannot say ON DELETE CASCADE, so these are written here under the names PostgreSQL gives them.
-- Locks both tables of each key against writes for an instant (ADD FOREIGN KEY: SHARE ROW EXCLUSIVE); they are new.
ALTER TABLE categories
    ADD CONSTRAINT categories_parent_id_fkey FOREIGN KEY (parent_id) REFERENCES categories (id);

ALTER TABLE product_variants
    ADD CONSTRAINT product_variants_product_id_fkey
        FOREIGN KEY (product_id) REFERENCES products (id) ON DELETE CASCADE;

ALTER TABLE product_categories
    ADD CONSTRAINT product_categories_product_id_fkey
        FOREIGN KEY (product_id) REFERENCES products (id) ON DELETE CASCADE,
    ADD CONSTRAINT product_categories_category_id_fkey
        FOREIGN KEY (category_id) REFERENCES categories (id) ON DELETE CASCADE;

ALTER TABLE product_reviews
    ADD CONSTRAINT product_reviews_product_id_fkey FOREIGN KEY (product_id) REFERENCES products (id) ON DELETE CASCADE;

ALTER TABLE inventory_movements
    ADD CONSTRAINT inventory_movements_product_variant_id_fkey
        FOREIGN KEY (product_variant_id) REFERENCES product_variants (id);

ALTER TABLE inventory_reservations
    ADD CONSTRAINT inventory_reservations_variant_id_fkey FOREIGN KEY (variant_id) REFERENCES product_variants (id);
