ALTER TABLE search_boosts
    DROP CONSTRAINT search_boosts_product_id_fkey,
    DROP CONSTRAINT search_boosts_category_id_fkey,
    DROP CONSTRAINT search_boost_has_one_target;
