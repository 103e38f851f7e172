-- What the catalogue has beside the founding design.

ALTER TABLE products
    -- Whether somebody can buy it now, and what of that was announced last.
    ADD in_stock boolean NOT NULL DEFAULT false,
    ADD announced_in_stock boolean NOT NULL DEFAULT false,
    -- What the founding design's repository sorts by and has no column for.
    ADD popularity_score double precision NOT NULL DEFAULT 0.0,
    ADD rating_average numeric(3, 2) NOT NULL DEFAULT 0,
    ADD rating_count integer NOT NULL DEFAULT 0,
    -- What an export must give back.
    ADD metadata jsonb NOT NULL DEFAULT '{}';
CREATE TRIGGER product_in_stock_follows_tracking
    BEFORE INSERT OR UPDATE OF track_inventory ON products
    FOR EACH ROW EXECUTE FUNCTION product_in_stock_follows_tracking();
CREATE TRIGGER product_rating_follows_reviews_on_insert
    AFTER INSERT ON product_reviews REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION product_rating_follows_reviews();
CREATE TRIGGER product_rating_follows_reviews_on_update
    AFTER UPDATE ON product_reviews REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION product_rating_follows_reviews();
CREATE TRIGGER product_rating_follows_reviews_on_delete
    AFTER DELETE ON product_reviews REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION product_rating_follows_reviews();
CREATE INDEX idx_products_tags ON products USING gin (tags);
CREATE INDEX idx_products_vendor ON products (vendor);
CREATE INDEX idx_products_vendor_like ON products USING gin (upper(vendor) public.gin_trgm_ops);
CREATE INDEX idx_products_type ON products (product_type);
CREATE INDEX idx_products_options ON products USING gin (options jsonb_path_ops);
CREATE INDEX idx_products_name ON products (name, id) WHERE is_active;
CREATE INDEX idx_products_price ON products (price, id) WHERE is_active;
CREATE INDEX idx_products_created ON products (created_at, id) WHERE is_active;
CREATE INDEX idx_products_popularity ON products (popularity_score, id) WHERE is_active;
CREATE INDEX idx_products_rating ON products (rating_average, rating_count, id) WHERE is_active;
CREATE INDEX idx_categories_parent ON categories (parent_id);

-- On hand is inventory_quantity (what can be sold) + reserved_quantity (what orders under way hold).
ALTER TABLE product_variants
    ADD reserved_quantity integer NOT NULL DEFAULT 0,
    ADD allow_backorder boolean NOT NULL DEFAULT false,
    ADD requires_shipping boolean NOT NULL DEFAULT true,
    ADD taxable boolean NOT NULL DEFAULT true,
    ADD weight_unit varchar(10) NOT NULL DEFAULT 'g',
    ADD metadata jsonb NOT NULL DEFAULT '{}',
    ADD CONSTRAINT inventory_is_never_oversold CHECK (inventory_quantity >= 0 OR allow_backorder),
    ADD CONSTRAINT reserved_is_never_negative CHECK (reserved_quantity >= 0);
CREATE INDEX idx_variants_sku_in_any_case ON product_variants (upper(sku));

CREATE TABLE inventory_reservations (
    order_id uuid,
    variant_id uuid REFERENCES product_variants (id),
    quantity integer NOT NULL,
    state varchar(20) NOT NULL DEFAULT 'held',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (order_id, variant_id),
    CONSTRAINT reservation_holds_something CHECK (quantity > 0),
    CONSTRAINT reservation_state_is_known CHECK (state IN ('held', 'released', 'sold'))
);
CREATE INDEX idx_inventory_reservations_held ON inventory_reservations (variant_id) WHERE state = 'held';
CREATE TRIGGER update_inventory_reservations_updated_at BEFORE UPDATE ON inventory_reservations
    FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();

-- A change of stock stays a heap-only update.
ALTER TABLE products SET (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05);
ALTER TABLE product_variants SET (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05);

-- What a search needs beside the products: where it looks first, parts of numbers, words, synonyms, boosts.
ALTER TABLE products ADD search_tier smallint NOT NULL DEFAULT 1;
CREATE INDEX idx_products_search_popular ON products USING gin (search_vector) WITH (fastupdate = off)
    WHERE is_active AND search_tier = 0;
CREATE INDEX idx_products_sku_like ON products
    USING gin (translate(lower(sku), '-._/ ', '') public.gin_trgm_ops);

CREATE TABLE search_words (
    word varchar(101) PRIMARY KEY,
    products integer NOT NULL
);
CREATE INDEX search_words_word_f7898f73_like ON search_words (word varchar_pattern_ops);
CREATE INDEX idx_search_words_like ON search_words USING gist (word public.gist_trgm_ops) WHERE word LIKE '=%';

CREATE TABLE search_synonyms (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    phrase varchar(100) NOT NULL,
    meaning varchar(100) NOT NULL,
    both_ways boolean NOT NULL DEFAULT true,
    language varchar(63) NOT NULL DEFAULT 'english',
    is_active boolean NOT NULL DEFAULT true,
    phrase_key varchar(255) NOT NULL DEFAULT '',
    meaning_key varchar(255) NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT search_synonym_is_said_once UNIQUE (phrase, meaning)
);
CREATE INDEX idx_search_synonyms_phrase ON search_synonyms (phrase_key);
CREATE INDEX idx_search_synonyms_meaning ON search_synonyms (meaning_key);
CREATE TRIGGER search_phrases_are_kept_as_stems BEFORE INSERT OR UPDATE ON search_synonyms
    FOR EACH ROW EXECUTE FUNCTION search_phrases_are_kept_as_stems();
CREATE TRIGGER update_search_synonyms_updated_at BEFORE UPDATE ON search_synonyms
    FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();

CREATE TABLE search_boosts (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    query varchar(100) NOT NULL DEFAULT '',
    vendor varchar(255) NOT NULL DEFAULT '',
    product_type varchar(100) NOT NULL DEFAULT '',
    tag varchar(255) NOT NULL DEFAULT '',
    word varchar(100) NOT NULL DEFAULT '',
    category_id uuid REFERENCES categories (id) ON DELETE CASCADE,
    product_id uuid REFERENCES products (id) ON DELETE CASCADE,
    factor double precision NOT NULL,
    is_active boolean NOT NULL DEFAULT true,
    query_key varchar(255) NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT search_boost_keeps_scores_positive CHECK (factor > 0.0),
    CONSTRAINT search_boost_has_one_target CHECK (
        num_nonnulls(
            nullif(vendor, ''), nullif(product_type, ''), nullif(tag, ''), nullif(word, ''), category_id, product_id
        ) = 1
    )
);
CREATE INDEX idx_search_boosts_query ON search_boosts (query_key);
CREATE TRIGGER search_boost_is_found_by_its_query BEFORE INSERT OR UPDATE ON search_boosts
    FOR EACH ROW EXECUTE FUNCTION search_boost_is_found_by_its_query();
CREATE TRIGGER update_search_boosts_updated_at BEFORE UPDATE ON search_boosts
    FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();

-- What stands above each category, and which category of a published taxonomy it is.
CREATE TABLE category_ancestors (
    ancestor_id uuid,
    category_id uuid,
    distance smallint NOT NULL,
    is_shown boolean NOT NULL,
    PRIMARY KEY (ancestor_id, category_id)
);
CREATE INDEX idx_category_ancestors_category ON category_ancestors (category_id);
CREATE TRIGGER category_tree_keeps_its_ancestors_on_insert
    AFTER INSERT ON categories REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION category_tree_keeps_its_ancestors();
CREATE TRIGGER category_tree_keeps_its_ancestors_on_update
    AFTER UPDATE ON categories REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION category_tree_keeps_its_ancestors();
CREATE TRIGGER category_tree_keeps_its_ancestors_on_delete
    AFTER DELETE ON categories REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION category_tree_keeps_its_ancestors();
ALTER TABLE categories
    ADD taxonomy varchar(50),
    ADD taxonomy_id varchar(100),
    ADD taxonomy_name varchar(255),
    ADD taxonomy_parent_id varchar(100),
    ADD CONSTRAINT taxonomy_category_is_one_category UNIQUE (taxonomy, taxonomy_id);

-- Former slugs of products and categories, which lead to those of today.
CREATE TABLE product_slug_redirects (
    slug varchar(255) PRIMARY KEY,
    product_id uuid NOT NULL REFERENCES products (id) ON DELETE CASCADE,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX product_slug_redirects_slug_9b149c3a_like ON product_slug_redirects (slug varchar_pattern_ops);
CREATE INDEX idx_product_slug_redirects_of ON product_slug_redirects (product_id);
CREATE TRIGGER former_slug_leads_to_its_product_on_insert AFTER INSERT ON products
    FOR EACH ROW EXECUTE FUNCTION former_slug_leads_to_its_product();
CREATE TRIGGER former_slug_leads_to_its_product_on_update AFTER UPDATE OF slug ON products
    FOR EACH ROW WHEN (OLD.slug <> NEW.slug) EXECUTE FUNCTION former_slug_leads_to_its_product();
CREATE TABLE category_slug_redirects (
    slug varchar(255) PRIMARY KEY,
    category_id uuid NOT NULL REFERENCES categories (id) ON DELETE CASCADE,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX category_slug_redirects_slug_f057bf53_like ON category_slug_redirects (slug varchar_pattern_ops);
CREATE INDEX idx_category_slug_redirects_of ON category_slug_redirects (category_id);
CREATE TRIGGER former_slug_leads_to_its_category_on_insert AFTER INSERT ON categories
    FOR EACH ROW EXECUTE FUNCTION former_slug_leads_to_its_category();
CREATE TRIGGER former_slug_leads_to_its_category_on_update AFTER UPDATE OF slug ON categories
    FOR EACH ROW WHEN (OLD.slug <> NEW.slug) EXECUTE FUNCTION former_slug_leads_to_its_category();
CREATE TRIGGER slugs_of_a_deleted_category_lead_upwards BEFORE DELETE ON categories
    FOR EACH ROW EXECUTE FUNCTION slugs_of_a_deleted_category_lead_upwards();

-- The answer to a request that came with an Idempotency-Key.
CREATE TABLE idempotency_records (
    scope varchar(200),
    key varchar(255),
    request_hash bytea NOT NULL,
    status smallint NOT NULL,
    headers jsonb NOT NULL,
    body bytea NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (scope, key)
);
CREATE INDEX idx_idempotency_expires_at ON idempotency_records (expires_at);

-- Why stock was adjusted.
ALTER TABLE inventory_movements
    ADD reason varchar(20),
    ADD counted_at timestamptz,
    ADD CONSTRAINT movement_reason_is_known CHECK (
        reason IS NULL OR reason IN ('damaged', 'expired', 'lost', 'found', 'given_away', 'count', 'correction')
    );

-- What variants cost before their prices were changed together.
CREATE TABLE price_changes (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    actor_id uuid,
    source varchar(20) NOT NULL,
    note text,
    items_count integer NOT NULL DEFAULT 0,
    made_at timestamptz NOT NULL DEFAULT now(),
    undone_at timestamptz,
    undone_by uuid
);
CREATE TABLE price_change_items (
    change_id uuid REFERENCES price_changes (id) ON DELETE CASCADE,
    variant_id uuid,
    old_price numeric(10, 2) NOT NULL,
    new_price numeric(10, 2) NOT NULL,
    old_compare_price numeric(10, 2),
    new_compare_price numeric(10, 2),
    is_restored boolean,
    PRIMARY KEY (change_id, variant_id)
);

-- How far the ledger is read for `products.popularity_score`.
CREATE TABLE sales_counted (
    id smallint PRIMARY KEY DEFAULT 1,
    until uuid NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000',
    CONSTRAINT sales_are_counted_once CHECK (id = 1)
);

-- A count is no change. It stands here and not among the mends, as it names two columns from above.
CREATE OR REPLACE TRIGGER update_products_updated_at BEFORE UPDATE ON products
    FOR EACH ROW
    WHEN ((NEW.popularity_score, NEW.search_tier) IS NOT DISTINCT FROM (OLD.popularity_score, OLD.search_tier))
    EXECUTE FUNCTION update_updated_at_column();

-- When a product ends, vouchers, and who changed what.
ALTER TABLE products
    ADD is_gift_card boolean NOT NULL DEFAULT false,
    ADD unpublished_at timestamptz;
CREATE TABLE product_changes (
    id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
    product_id uuid NOT NULL,
    variant_id uuid,
    action varchar(20) NOT NULL,
    changes jsonb NOT NULL,
    actor_id uuid,
    source varchar(50) NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT product_change_action_is_known CHECK (action IN ('added', 'changed', 'deleted'))
);
CREATE INDEX idx_product_changes_product ON product_changes (product_id, id);
CREATE TRIGGER product_changes_are_append_only BEFORE UPDATE OR DELETE ON product_changes
    FOR EACH ROW EXECUTE FUNCTION product_changes_are_append_only();
CREATE TRIGGER product_changes_are_recorded_on_insert
    AFTER INSERT ON products
    FOR EACH ROW WHEN (nullif(current_setting('app.source', true), '') IS NOT NULL)
    EXECUTE FUNCTION product_changes_are_recorded();
CREATE TRIGGER product_changes_are_recorded_on_update
    AFTER UPDATE OF
        name, slug, description, short_description, sku, barcode, price, compare_price, cost_price,
        track_inventory, low_stock_threshold, weight, dimensions, is_active, is_featured, is_digital,
        is_gift_card, requires_shipping, taxable, vendor, product_type, tags, images, options, seo_title,
        seo_description, published_at, unpublished_at, search_language
    ON products
    FOR EACH ROW EXECUTE FUNCTION product_changes_are_recorded();
CREATE TRIGGER product_changes_are_recorded_on_delete
    AFTER DELETE ON products
    FOR EACH ROW EXECUTE FUNCTION product_changes_are_recorded();
CREATE TRIGGER variant_changes_are_recorded_on_insert
    AFTER INSERT ON product_variants
    FOR EACH ROW WHEN (nullif(current_setting('app.source', true), '') IS NOT NULL)
    EXECUTE FUNCTION variant_changes_are_recorded();
CREATE TRIGGER variant_changes_are_recorded_on_update
    AFTER UPDATE OF
        title, sku, barcode, price, compare_price, cost_price, weight, weight_unit, option1, option2, option3,
        image_url, position, is_active, allow_backorder, requires_shipping, taxable
    ON product_variants
    FOR EACH ROW EXECUTE FUNCTION variant_changes_are_recorded();
CREATE TRIGGER variant_changes_are_recorded_on_delete
    AFTER DELETE ON product_variants
    FOR EACH ROW EXECUTE FUNCTION variant_changes_are_recorded();

-- Up to when products that began or ended by themselves are announced.
CREATE TABLE publications_told (
    id smallint PRIMARY KEY DEFAULT 1,
    until timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT publications_are_told_once CHECK (id = 1)
);
CREATE INDEX idx_products_published ON products (published_at) WHERE is_active;
CREATE INDEX idx_products_unpublished ON products (unpublished_at) WHERE is_active AND unpublished_at IS NOT NULL;

-- Where the shop sells, and what things cost there.
CREATE TABLE markets (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    code varchar(50) NOT NULL,
    name varchar(255) NOT NULL,
    currency varchar(3) NOT NULL,
    countries varchar(2)[] NOT NULL DEFAULT '{}'::varchar(2)[],
    is_active boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT markets_code_key UNIQUE (code)
);
CREATE TABLE market_prices (
    market_id uuid REFERENCES markets (id) ON DELETE CASCADE,
    variant_id uuid REFERENCES product_variants (id) ON DELETE CASCADE,
    price numeric(12, 3) NOT NULL,
    compare_price numeric(12, 3),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (market_id, variant_id),
    CONSTRAINT market_prices_are_not_negative CHECK (price >= 0 AND (compare_price IS NULL OR compare_price >= 0))
);
CREATE INDEX idx_market_prices_variant ON market_prices (variant_id);
CREATE TRIGGER update_markets_updated_at BEFORE UPDATE ON markets
    FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();
CREATE TRIGGER update_market_prices_updated_at BEFORE UPDATE ON market_prices
    FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();
CREATE TRIGGER market_price_changes_are_recorded AFTER INSERT OR UPDATE OR DELETE ON market_prices
    FOR EACH ROW EXECUTE FUNCTION market_price_changes_are_recorded();
-- What became of a review and why, who found it helpful, and what customers bought.
ALTER TABLE product_reviews
    ADD display_name varchar(50),
    ADD rejection_reason varchar(500),
    ADD moderated_at timestamptz,
    ADD moderated_by uuid,
    ADD shop_reply text,
    ADD replied_at timestamptz,
    ADD CONSTRAINT one_review_per_customer UNIQUE (product_id, user_id);
CREATE INDEX idx_product_reviews_newest ON product_reviews (product_id, created_at, id) WHERE is_approved;
CREATE INDEX idx_product_reviews_helpful ON product_reviews (product_id, helpful_count, id) WHERE is_approved;
CREATE INDEX idx_product_reviews_rating ON product_reviews (product_id, rating, id) WHERE is_approved;
CREATE INDEX idx_product_reviews_waiting ON product_reviews (created_at, id) WHERE NOT is_approved;

CREATE TABLE review_votes (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    created_at timestamptz NOT NULL DEFAULT now(),
    review_id uuid NOT NULL REFERENCES product_reviews (id) ON DELETE CASCADE,
    user_id uuid NOT NULL,
    CONSTRAINT one_vote_per_customer UNIQUE (review_id, user_id)
);
CREATE TRIGGER review_helpful_count_follows_votes_on_insert
    AFTER INSERT ON review_votes REFERENCING NEW TABLE AS changed_rows
    FOR EACH STATEMENT EXECUTE FUNCTION review_helpful_count_follows_votes();
CREATE TRIGGER review_helpful_count_follows_votes_on_delete
    AFTER DELETE ON review_votes REFERENCING OLD TABLE AS changed_rows
    FOR EACH STATEMENT EXECUTE FUNCTION review_helpful_count_follows_votes();

CREATE TABLE product_purchases (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL,
    product_id uuid NOT NULL REFERENCES products (id) ON DELETE CASCADE,
    order_id uuid NOT NULL,
    at timestamptz NOT NULL,
    returned_at timestamptz,
    CONSTRAINT purchase_is_noted_once UNIQUE (user_id, product_id, order_id)
);
CREATE INDEX idx_product_purchases_product ON product_purchases (product_id);

-- Where stock stands, for variants that are located.
ALTER TABLE product_variants ADD is_located boolean NOT NULL DEFAULT false;
CREATE TABLE stock_locations (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    code varchar(50) NOT NULL,
    name varchar(255) NOT NULL,
    priority integer NOT NULL DEFAULT 0,
    is_active boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT stock_locations_code_key UNIQUE (code)
);
CREATE TRIGGER update_stock_locations_updated_at BEFORE UPDATE ON stock_locations
    FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();
CREATE TABLE stock_levels (
    variant_id uuid REFERENCES product_variants (id) ON DELETE CASCADE,
    location_id uuid REFERENCES stock_locations (id),
    available integer NOT NULL DEFAULT 0,
    reserved integer NOT NULL DEFAULT 0,
    PRIMARY KEY (variant_id, location_id),
    CONSTRAINT level_reserved_is_never_negative CHECK (reserved >= 0)
);
CREATE INDEX idx_stock_levels_location ON stock_levels (location_id);
CREATE TRIGGER level_is_never_oversold_on_insert BEFORE INSERT ON stock_levels
    FOR EACH ROW WHEN (NEW.available < 0) EXECUTE FUNCTION level_is_never_oversold();
CREATE TRIGGER level_is_never_oversold_on_update BEFORE UPDATE ON stock_levels
    FOR EACH ROW WHEN (NEW.available < 0 AND NEW.available < OLD.available)
    EXECUTE FUNCTION level_is_never_oversold();
CREATE TABLE inventory_reservation_locations (
    order_id uuid,
    variant_id uuid,
    location_id uuid REFERENCES stock_locations (id),
    quantity integer NOT NULL,
    PRIMARY KEY (order_id, variant_id, location_id),
    FOREIGN KEY (order_id, variant_id) REFERENCES inventory_reservations (order_id, variant_id) ON DELETE CASCADE,
    CONSTRAINT place_holds_something CHECK (quantity > 0)
);
CREATE INDEX idx_reservation_places_variant ON inventory_reservation_locations (variant_id);
CREATE TABLE location_movements (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    variant_id uuid NOT NULL REFERENCES product_variants (id),
    location_id uuid NOT NULL REFERENCES stock_locations (id),
    movement_type varchar(20) NOT NULL,
    quantity integer NOT NULL,
    reference_id uuid,
    created_by uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT location_movement_moves_something CHECK (NOT (quantity = 0)),
    CONSTRAINT location_movement_type_is_known CHECK (
        movement_type IN ('located', 'restock', 'sale', 'return', 'adjustment', 'transfer')
    )
);
CREATE INDEX idx_location_movements_variant ON location_movements (variant_id, location_id);
CREATE INDEX idx_location_movements_recent ON location_movements (location_id, created_at, id);

-- Images that are fetched in the background.
CREATE TABLE image_fetches (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    created_at timestamptz NOT NULL DEFAULT now(),
    url text NOT NULL,
    digest varchar(64) NOT NULL,
    state varchar(20) NOT NULL DEFAULT 'waiting',
    tries integer NOT NULL DEFAULT 0,
    due_at timestamptz,
    error text,
    path text,
    public_url text,
    content_type varchar(50),
    size integer,
    width integer,
    height integer,
    CONSTRAINT image_is_fetched_once UNIQUE (digest)
);
CREATE INDEX idx_image_fetches_due ON image_fetches (due_at, id) WHERE state = 'waiting';

CREATE TABLE image_uses (
    fetch_id uuid NOT NULL,
    product_id uuid NOT NULL,
    PRIMARY KEY (fetch_id, product_id)
);
