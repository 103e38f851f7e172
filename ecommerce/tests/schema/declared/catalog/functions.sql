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
