-- A boost raises or lowers products by one thing: vendor, type, tag, category or product; it goes with what it names.
-- Locks search_boosts, which is new, and the tables it names against writes for an instant (SHARE ROW EXCLUSIVE).
ALTER TABLE search_boosts
    ADD CONSTRAINT search_boost_has_one_target CHECK (
        num_nonnulls(nullif(vendor, ''), nullif(product_type, ''), nullif(tag, ''), category_id, product_id) = 1
    ),
    ADD CONSTRAINT search_boosts_category_id_fkey FOREIGN KEY (category_id) REFERENCES categories (id) ON DELETE CASCADE,
    ADD CONSTRAINT search_boosts_product_id_fkey FOREIGN KEY (product_id) REFERENCES products (id) ON DELETE CASCADE;
