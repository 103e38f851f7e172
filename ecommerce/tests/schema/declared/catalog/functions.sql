-- Functions of the rules of the catalogue. The body of each is the one in its rule file, apps/catalog/sql/<name>.sql.

CREATE FUNCTION category_tree_has_no_cycle() RETURNS trigger LANGUAGE plpgsql
    AS 'rule catalog/0002_category_tree_has_no_cycle';
CREATE FUNCTION initial_stock_is_a_movement() RETURNS trigger LANGUAGE plpgsql
    AS 'rule catalog/0002_initial_stock_is_a_movement';
CREATE FUNCTION product_totals_follow_variants() RETURNS trigger LANGUAGE plpgsql
    AS 'rule catalog/0002_product_totals_follow_variants';
CREATE FUNCTION product_in_stock_follows_tracking() RETURNS trigger LANGUAGE plpgsql
    AS 'rule catalog/0002_product_totals_follow_variants';
CREATE FUNCTION product_rating_follows_reviews() RETURNS trigger LANGUAGE plpgsql
    AS 'rule catalog/0004_product_rating_follows_reviews';
CREATE FUNCTION uuid_v7() RETURNS uuid LANGUAGE sql VOLATILE PARALLEL SAFE
    AS 'rule catalog/0003_uuid_v7';
CREATE FUNCTION search_text(given text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS 'rule catalog/0005_words_of_a_search';
CREATE FUNCTION search_words_of(given text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS 'rule catalog/0005_words_of_a_search';
CREATE FUNCTION search_spellings(given text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS 'rule catalog/0005_words_of_a_search';
CREATE FUNCTION search_written(given text, weight text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS 'rule catalog/0005_words_of_a_search';
CREATE FUNCTION search_vector_of(language regconfig, name text, description text, codes text, kinds text)
    RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS 'rule catalog/0005_update_product_search_vector';
CREATE FUNCTION search_key(language regconfig, given text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS 'rule catalog/0005_search_phrases_are_kept_as_stems';
CREATE FUNCTION search_phrases_are_kept_as_stems() RETURNS trigger LANGUAGE plpgsql
    AS 'rule catalog/0005_search_phrases_are_kept_as_stems';
CREATE FUNCTION search_boost_is_found_by_its_query() RETURNS trigger LANGUAGE plpgsql
    AS 'rule catalog/0005_search_phrases_are_kept_as_stems';
CREATE FUNCTION category_tree_keeps_its_ancestors() RETURNS trigger LANGUAGE plpgsql
    AS 'rule catalog/0011_category_tree_keeps_its_ancestors';
CREATE FUNCTION former_slug_leads_to_its_product() RETURNS trigger LANGUAGE plpgsql
    AS 'rule catalog/0013_former_slug_leads_to_its_product';
CREATE FUNCTION former_slug_leads_to_its_category() RETURNS trigger LANGUAGE plpgsql
    AS 'rule catalog/0013_former_slug_leads_to_its_category';
CREATE FUNCTION slugs_of_a_deleted_category_lead_upwards() RETURNS trigger LANGUAGE plpgsql
    AS 'rule catalog/0013_former_slug_leads_to_its_category';
CREATE FUNCTION record_product_change(product_id uuid, variant_id uuid, action text, changes jsonb) RETURNS void
    LANGUAGE plpgsql
    AS 'rule catalog/0021_product_changes_are_recorded';
CREATE FUNCTION product_changes_are_append_only() RETURNS trigger LANGUAGE plpgsql
    AS 'rule catalog/0021_product_changes_are_recorded';
CREATE FUNCTION product_changes_are_recorded() RETURNS trigger LANGUAGE plpgsql
    AS 'rule catalog/0021_product_changes_are_recorded';
CREATE FUNCTION variant_changes_are_recorded() RETURNS trigger LANGUAGE plpgsql
    AS 'rule catalog/0021_product_changes_are_recorded';
CREATE FUNCTION market_price_changes_are_recorded() RETURNS trigger LANGUAGE plpgsql
    AS 'rule catalog/0024_market_price_changes_are_recorded';
CREATE FUNCTION review_helpful_count_follows_votes() RETURNS trigger LANGUAGE plpgsql
    AS 'rule catalog/0025_review_helpful_count_follows_votes';
CREATE FUNCTION level_is_never_oversold() RETURNS trigger LANGUAGE plpgsql
    AS 'rule catalog/0032_stock_has_places';
