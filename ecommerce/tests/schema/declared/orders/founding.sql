-- The founding design, "Orders Service Database", table by table and in its order.

CREATE TABLE orders (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    order_number varchar(100) UNIQUE NOT NULL,
    user_id uuid NOT NULL,
    email varchar(255) NOT NULL,
    status varchar(50) DEFAULT 'pending',
    financial_status varchar(50) DEFAULT 'pending',
    fulfillment_status varchar(50) DEFAULT 'unfulfilled',
    subtotal_price numeric(10, 2) NOT NULL,
    total_tax numeric(10, 2) DEFAULT 0,
    total_discounts numeric(10, 2) DEFAULT 0,
    shipping_price numeric(10, 2) DEFAULT 0,
    total_price numeric(10, 2) NOT NULL,
    currency varchar(3) DEFAULT 'USD',
    billing_address jsonb NOT NULL,
    shipping_address jsonb NOT NULL,
    shipping_method varchar(100),
    tracking_number varchar(255),
    tracking_url varchar(500),
    notes text,
    tags text[],
    source varchar(50) DEFAULT 'web',
    referring_site varchar(500),
    landing_site varchar(500),
    processed_at timestamptz,
    shipped_at timestamptz,
    delivered_at timestamptz,
    cancelled_at timestamptz,
    created_at timestamptz DEFAULT now(),
    updated_at timestamptz DEFAULT now()
);

CREATE TABLE order_line_items (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    order_id uuid REFERENCES orders (id) ON DELETE CASCADE,
    product_id uuid NOT NULL,
    variant_id uuid,
    quantity integer NOT NULL,
    price numeric(10, 2) NOT NULL,
    original_price numeric(10, 2) NOT NULL,
    total_discount numeric(10, 2) DEFAULT 0,
    title varchar(255) NOT NULL,
    variant_title varchar(255),
    sku varchar(100),
    vendor varchar(255),
    product_type varchar(100),
    weight numeric(8, 2),
    fulfillment_status varchar(50) DEFAULT 'unfulfilled',
    fulfillment_service varchar(100),
    created_at timestamptz DEFAULT now()
);

CREATE TABLE shopping_carts (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id uuid,
    session_id varchar(255),
    email varchar(255),
    subtotal_price numeric(10, 2) DEFAULT 0,
    total_price numeric(10, 2) DEFAULT 0,
    currency varchar(3) DEFAULT 'USD',
    abandoned_checkout_url varchar(500),
    recovered_at timestamptz,
    created_at timestamptz DEFAULT now(),
    updated_at timestamptz DEFAULT now(),
    expires_at timestamptz DEFAULT now() + interval '30 days'
);

CREATE TABLE cart_line_items (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    cart_id uuid REFERENCES shopping_carts (id) ON DELETE CASCADE,
    product_id uuid NOT NULL,
    variant_id uuid,
    quantity integer NOT NULL,
    price numeric(10, 2) NOT NULL,
    title varchar(255) NOT NULL,
    variant_title varchar(255),
    sku varchar(100),
    image_url varchar(500),
    created_at timestamptz DEFAULT now(),
    updated_at timestamptz DEFAULT now()
);

CREATE TABLE order_events (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    order_id uuid REFERENCES orders (id) ON DELETE CASCADE,
    event_type varchar(100) NOT NULL,
    description text,
    data jsonb,
    created_by uuid,
    created_at timestamptz DEFAULT now()
);

CREATE TABLE order_discounts (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    order_id uuid REFERENCES orders (id) ON DELETE CASCADE,
    discount_code varchar(100),
    discount_type varchar(50),
    discount_value numeric(10, 2) NOT NULL,
    title varchar(255),
    description text,
    created_at timestamptz DEFAULT now()
);

CREATE INDEX idx_orders_user_id ON orders (user_id);
CREATE INDEX idx_orders_status ON orders (status);
CREATE INDEX idx_orders_financial_status ON orders (financial_status);
CREATE INDEX idx_orders_created_at ON orders (created_at);
CREATE INDEX idx_orders_order_number ON orders (order_number);
CREATE INDEX idx_order_line_items_order_id ON order_line_items (order_id);
CREATE INDEX idx_order_line_items_product_id ON order_line_items (product_id);
CREATE INDEX idx_shopping_carts_user_id ON shopping_carts (user_id);
CREATE INDEX idx_shopping_carts_session_id ON shopping_carts (session_id);
CREATE INDEX idx_shopping_carts_expires_at ON shopping_carts (expires_at);
CREATE INDEX idx_cart_line_items_cart_id ON cart_line_items (cart_id);
CREATE INDEX idx_order_events_order_id ON order_events (order_id);
CREATE INDEX idx_order_events_type ON order_events (event_type);

CREATE FUNCTION generate_order_number() RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    new_number TEXT;
    prefix TEXT := 'ORD';
    suffix TEXT;
BEGIN
    suffix := LPAD((EXTRACT(EPOCH FROM NOW())::BIGINT % 100000)::TEXT, 5, '0') ||
              LPAD((RANDOM() * 1000)::INTEGER::TEXT, 3, '0');
    new_number := prefix || '-' || suffix;
    WHILE EXISTS (SELECT 1 FROM orders WHERE order_number = new_number) LOOP
        suffix := LPAD((RANDOM() * 100000)::INTEGER::TEXT, 5, '0') ||
                  LPAD((RANDOM() * 1000)::INTEGER::TEXT, 3, '0');
        new_number := prefix || '-' || suffix;
    END LOOP;
    RETURN new_number;
END;
$$;

CREATE FUNCTION set_order_number() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.order_number IS NULL OR NEW.order_number = '' THEN
        NEW.order_number := generate_order_number();
    END IF;
    RETURN NEW;
END;
$$;

CREATE TRIGGER set_order_number_trigger BEFORE INSERT ON orders
    FOR EACH ROW EXECUTE FUNCTION set_order_number();

CREATE TRIGGER update_orders_updated_at BEFORE UPDATE ON orders
    FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();
CREATE TRIGGER update_shopping_carts_updated_at BEFORE UPDATE ON shopping_carts
    FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();
CREATE TRIGGER update_cart_line_items_updated_at BEFORE UPDATE ON cart_line_items
    FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();
