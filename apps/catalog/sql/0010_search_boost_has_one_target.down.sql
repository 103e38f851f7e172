-- What is raised by a word has no other target.
DELETE FROM search_boosts WHERE word <> '';

ALTER TABLE search_boosts
    DROP CONSTRAINT search_boost_has_one_target,
    ADD CONSTRAINT search_boost_has_one_target CHECK (
        num_nonnulls(nullif(vendor, ''), nullif(product_type, ''), nullif(tag, ''), category_id, product_id) = 1
    );
