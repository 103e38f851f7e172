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
CREATE INDEX idx_products_name ON products (name, id) WHERE is_active;
CREATE INDEX idx_products_price ON products (price, id) WHERE is_active;
CREATE INDEX idx_products_created ON products (created_at, id) WHERE is_active;
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
