-- What the founding tables of the catalogue do otherwise here. Each paragraph names its reason in docs/decisions.md.

-- Decided: Columns with a default are NOT NULL, and so are the references and a review's rating
ALTER TABLE categories
    ALTER is_active SET NOT NULL,
    ALTER sort_order SET NOT NULL,
    ALTER created_at SET NOT NULL,
    ALTER updated_at SET NOT NULL;
ALTER TABLE products
    ALTER track_inventory SET NOT NULL,
    ALTER inventory_quantity SET NOT NULL,
    ALTER low_stock_threshold SET NOT NULL,
    ALTER is_active SET NOT NULL,
    ALTER is_featured SET NOT NULL,
    ALTER is_digital SET NOT NULL,
    ALTER requires_shipping SET NOT NULL,
    ALTER taxable SET NOT NULL,
    ALTER variants_count SET NOT NULL,
    ALTER created_at SET NOT NULL,
    ALTER updated_at SET NOT NULL;
ALTER TABLE product_variants
    ALTER product_id SET NOT NULL,
    ALTER inventory_quantity SET NOT NULL,
    ALTER position SET NOT NULL,
    ALTER is_active SET NOT NULL,
    ALTER created_at SET NOT NULL,
    ALTER updated_at SET NOT NULL;
ALTER TABLE product_categories ALTER created_at SET NOT NULL;
ALTER TABLE product_reviews
    ALTER product_id SET NOT NULL,
    ALTER rating SET NOT NULL,
    ALTER is_verified_purchase SET NOT NULL,
    ALTER is_approved SET NOT NULL,
    ALTER helpful_count SET NOT NULL,
    ALTER created_at SET NOT NULL,
    ALTER updated_at SET NOT NULL;
ALTER TABLE inventory_movements ALTER product_variant_id SET NOT NULL, ALTER created_at SET NOT NULL;

-- A product without tags, images or options has an empty list of them.
-- Decided: Columns with a default are NOT NULL, and so are the references and a review's rating
ALTER TABLE products
    ALTER tags SET NOT NULL, ALTER tags SET DEFAULT '{}',
    ALTER images SET NOT NULL, ALTER images SET DEFAULT '[]',
    ALTER options SET NOT NULL, ALTER options SET DEFAULT '[]';

-- Decided: The search trigger fires on the columns it reads, and each product names its language
ALTER TABLE products ADD search_language varchar(63) NOT NULL DEFAULT 'english';
CREATE OR REPLACE FUNCTION update_product_search_vector() RETURNS trigger LANGUAGE plpgsql
    AS 'rule catalog/0005_update_product_search_vector';
CREATE OR REPLACE TRIGGER update_product_search_vector_trigger
    BEFORE INSERT OR UPDATE OF
        name, description, short_description, sku, barcode, vendor, product_type, tags, search_language
    ON products
    FOR EACH ROW EXECUTE FUNCTION update_product_search_vector();

-- Decided: `product_reviews` and `inventory_reservations` have the trigger of `updated_at` too
CREATE TRIGGER update_product_reviews_updated_at BEFORE UPDATE ON product_reviews
    FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();

-- Decided: Prices, amounts and sums cannot be negative
ALTER TABLE products ADD CONSTRAINT product_prices_are_not_negative CHECK (
    price >= 0 AND (compare_price IS NULL OR compare_price >= 0) AND (cost_price IS NULL OR cost_price >= 0)
);
ALTER TABLE product_variants ADD CONSTRAINT variant_prices_are_not_negative CHECK (
    price >= 0 AND (compare_price IS NULL OR compare_price >= 0) AND (cost_price IS NULL OR cost_price >= 0)
);

-- Decided: Option tuples are unique in a product, NULL counting as a value
ALTER TABLE product_variants
    ADD CONSTRAINT variant_options_are_unique UNIQUE NULLS NOT DISTINCT (product_id, option1, option2, option3);

-- Decided: What stands above each category is kept in a table by trigger
CREATE TRIGGER category_tree_has_no_cycle_on_insert
    AFTER INSERT ON categories REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION category_tree_has_no_cycle();
CREATE TRIGGER category_tree_has_no_cycle_on_update
    AFTER UPDATE ON categories REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION category_tree_has_no_cycle();

-- A new type of movement, `initial`, begins the ledger.
-- Decided: `inventory_movements` is the ledger of stock: its lines are signed, and none is missing
ALTER TABLE inventory_movements ADD CONSTRAINT movement_goes_its_way CHECK (
    (movement_type = 'sale' AND quantity < 0)
    OR (movement_type IN ('restock', 'return') AND quantity > 0)
    OR (movement_type IN ('initial', 'adjustment') AND NOT (quantity = 0))
);
CREATE UNIQUE INDEX order_is_sold_once ON inventory_movements (reference_id, product_variant_id)
    WHERE movement_type = 'sale';
CREATE TRIGGER initial_stock_is_a_movement
    AFTER INSERT ON product_variants REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION initial_stock_is_a_movement();

-- Decided: A product's totals and `in_stock` are kept by a statement-level trigger
CREATE TRIGGER product_totals_follow_variants_on_insert
    AFTER INSERT ON product_variants REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION product_totals_follow_variants();
CREATE TRIGGER product_totals_follow_variants_on_update
    AFTER UPDATE ON product_variants REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION product_totals_follow_variants();
CREATE TRIGGER product_totals_follow_variants_on_delete
    AFTER DELETE ON product_variants REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION product_totals_follow_variants();

-- Decided: A variant's movements are found in their order
DROP INDEX idx_inventory_movements_variant;
CREATE INDEX idx_inventory_movements_recent ON inventory_movements (product_variant_id, created_at, id);
