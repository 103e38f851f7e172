-- A boost raises or lowers products by one thing: vendor, type, tag, category, product, or a word of their names.
-- Locks search_boosts against everybody for an instant (ALTER TABLE: ACCESS EXCLUSIVE); it has few rows.
ALTER TABLE search_boosts
    DROP CONSTRAINT search_boost_has_one_target,
    ADD CONSTRAINT search_boost_has_one_target CHECK (
        num_nonnulls(
            nullif(vendor, ''), nullif(product_type, ''), nullif(tag, ''), nullif(word, ''), category_id, product_id
        ) = 1
    );
