-- What the founding tables of orders do otherwise here. Each paragraph names its reason in docs/decisions.md.

-- Decided: Order numbers come from a sequence
CREATE SEQUENCE order_numbers START WITH 100001;
CREATE OR REPLACE FUNCTION generate_order_number() RETURNS text LANGUAGE sql
    AS 'rule orders/0002_order_numbers_come_from_a_sequence';

-- Decided: A guest proves a cart and its order by one secret
ALTER TABLE orders ALTER user_id DROP NOT NULL;

-- Decided: Columns with a default are NOT NULL, and the sums are checks
ALTER TABLE orders
    ALTER status SET NOT NULL,
    ALTER financial_status SET NOT NULL,
    ALTER fulfillment_status SET NOT NULL,
    ALTER total_tax SET NOT NULL,
    ALTER total_discounts SET NOT NULL,
    ALTER shipping_price SET NOT NULL,
    ALTER currency SET NOT NULL,
    ALTER source SET NOT NULL,
    ALTER created_at SET NOT NULL,
    ALTER updated_at SET NOT NULL,
    ADD CONSTRAINT order_total_is_the_sum_of_its_parts
        CHECK (total_price = subtotal_price + total_tax + shipping_price - total_discounts);
ALTER TABLE order_line_items
    ALTER total_discount SET NOT NULL,
    ALTER fulfillment_status SET NOT NULL,
    ALTER created_at SET NOT NULL;
ALTER TABLE shopping_carts
    ALTER subtotal_price SET NOT NULL,
    ALTER total_price SET NOT NULL,
    ALTER currency SET NOT NULL,
    ALTER created_at SET NOT NULL,
    ALTER updated_at SET NOT NULL,
    ALTER expires_at SET NOT NULL;
ALTER TABLE cart_line_items ALTER created_at SET NOT NULL, ALTER updated_at SET NOT NULL;
ALTER TABLE order_events ALTER created_at SET NOT NULL;
ALTER TABLE order_discounts ALTER created_at SET NOT NULL;

-- Decided: Lines, events and discounts always belong to something, and a cart names a variant once
ALTER TABLE order_line_items ALTER order_id SET NOT NULL;
ALTER TABLE order_events ALTER order_id SET NOT NULL;
ALTER TABLE order_discounts ALTER order_id SET NOT NULL;
ALTER TABLE cart_line_items
    ALTER cart_id SET NOT NULL,
    ALTER variant_id SET NOT NULL,
    ADD CONSTRAINT one_cart_line_a_variant UNIQUE (cart_id, variant_id);

-- Decided: A column that holds a word from a list says so in a check
ALTER TABLE orders
    ADD CONSTRAINT order_status_is_known
        CHECK (status IN ('pending', 'processing', 'confirmed', 'failed', 'cancelled')),
    ADD CONSTRAINT order_financial_status_is_known
        CHECK (financial_status IN ('pending', 'paid', 'partially_refunded', 'refunded', 'voided')),
    ADD CONSTRAINT order_fulfillment_status_is_known
        CHECK (fulfillment_status IN ('unfulfilled', 'partial', 'fulfilled', 'returned')),
    ADD CONSTRAINT order_source_is_known CHECK (source IN ('web', 'mobile', 'admin', 'api')),
    ADD CONSTRAINT order_currency_is_iso_4217 CHECK (currency ~ '^[A-Z]{3}$');
ALTER TABLE order_line_items ADD CONSTRAINT order_line_fulfillment_status_is_known
    CHECK (fulfillment_status IN ('unfulfilled', 'partial', 'fulfilled', 'returned'));
ALTER TABLE shopping_carts ADD CONSTRAINT cart_currency_is_iso_4217 CHECK (currency ~ '^[A-Z]{3}$');
ALTER TABLE order_discounts ADD CONSTRAINT order_discount_type_is_known CHECK (
    discount_type IS NULL OR discount_type IN ('percentage', 'fixed_amount', 'free_shipping')
);

-- Decided: Prices, amounts and sums cannot be negative
ALTER TABLE orders ADD CONSTRAINT order_amounts_are_not_negative CHECK (
    shipping_price >= 0 AND subtotal_price >= 0 AND total_discounts >= 0 AND total_price >= 0 AND total_tax >= 0
);
ALTER TABLE order_line_items
    ADD CONSTRAINT order_line_quantity_is_positive CHECK (quantity > 0),
    ADD CONSTRAINT order_line_amounts_are_not_negative
        CHECK (original_price >= 0 AND price >= 0 AND total_discount >= 0);
ALTER TABLE shopping_carts
    ADD CONSTRAINT cart_subtotal_is_not_negative CHECK (subtotal_price >= 0),
    ADD CONSTRAINT cart_total_is_not_negative CHECK (total_price >= 0);
ALTER TABLE cart_line_items
    ADD CONSTRAINT cart_line_quantity_is_positive CHECK (quantity > 0),
    ADD CONSTRAINT cart_line_price_is_not_negative CHECK (price >= 0);
ALTER TABLE order_discounts ADD CONSTRAINT order_discount_is_not_negative CHECK (discount_value >= 0);
