-- The founding design, "Products Service Database", table by table and in its order.

CREATE TABLE categories (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    name varchar(255) NOT NULL,
    slug varchar(255) UNIQUE NOT NULL,
    description text,
    parent_id uuid REFERENCES categories (id),
    image_url varchar(500),
    is_active boolean DEFAULT true,
    sort_order integer DEFAULT 0,
    seo_title varchar(255),
    seo_description text,
    created_at timestamptz DEFAULT now(),
    updated_at timestamptz DEFAULT now()
);

CREATE TABLE products (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    name varchar(255) NOT NULL,
    slug varchar(255) UNIQUE NOT NULL,
    description text,
    short_description text,
    sku varchar(100) UNIQUE NOT NULL,
    barcode varchar(100),
    price numeric(10, 2) NOT NULL,
    compare_price numeric(10, 2),
    cost_price numeric(10, 2),
    track_inventory boolean DEFAULT true,
    inventory_quantity integer DEFAULT 0,
    low_stock_threshold integer DEFAULT 5,
    weight numeric(8, 2),
    dimensions jsonb,
    is_active boolean DEFAULT true,
    is_featured boolean DEFAULT false,
    is_digital boolean DEFAULT false,
    requires_shipping boolean DEFAULT true,
    taxable boolean DEFAULT true,
    vendor varchar(255),
    product_type varchar(100),
    tags text[],
    images jsonb,
    variants_count integer DEFAULT 0,
    options jsonb,
    seo_title varchar(255),
    seo_description text,
    created_at timestamptz DEFAULT now(),
    updated_at timestamptz DEFAULT now(),
    published_at timestamptz
);

CREATE TABLE product_variants (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    product_id uuid REFERENCES products (id) ON DELETE CASCADE,
    title varchar(255) NOT NULL,
    sku varchar(100) UNIQUE NOT NULL,
    barcode varchar(100),
    price numeric(10, 2) NOT NULL,
    compare_price numeric(10, 2),
    cost_price numeric(10, 2),
    inventory_quantity integer DEFAULT 0,
    weight numeric(8, 2),
    option1 varchar(255),
    option2 varchar(255),
    option3 varchar(255),
    image_url varchar(500),
    position integer DEFAULT 0,
    is_active boolean DEFAULT true,
    created_at timestamptz DEFAULT now(),
    updated_at timestamptz DEFAULT now()
);

CREATE TABLE product_categories (
    product_id uuid REFERENCES products (id) ON DELETE CASCADE,
    category_id uuid REFERENCES categories (id) ON DELETE CASCADE,
    created_at timestamptz DEFAULT now(),
    PRIMARY KEY (product_id, category_id)
);

CREATE TABLE product_reviews (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    product_id uuid REFERENCES products (id) ON DELETE CASCADE,
    user_id uuid NOT NULL,
    rating integer CHECK (rating >= 1 AND rating <= 5),
    title varchar(255),
    content text,
    is_verified_purchase boolean DEFAULT false,
    is_approved boolean DEFAULT false,
    helpful_count integer DEFAULT 0,
    created_at timestamptz DEFAULT now(),
    updated_at timestamptz DEFAULT now()
);

CREATE TABLE inventory_movements (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    product_variant_id uuid REFERENCES product_variants (id),
    movement_type varchar(50) NOT NULL,
    quantity integer NOT NULL,
    reference_id uuid,
    reference_type varchar(50),
    notes text,
    created_at timestamptz DEFAULT now(),
    created_by uuid
);

ALTER TABLE products ADD COLUMN search_vector tsvector;

CREATE INDEX idx_products_search ON products USING gin (search_vector);
CREATE INDEX idx_products_active ON products (is_active) WHERE is_active = true;
CREATE INDEX idx_products_featured ON products (is_featured) WHERE is_featured = true;
CREATE INDEX idx_products_category ON product_categories (category_id);
CREATE INDEX idx_products_sku ON products (sku);
CREATE INDEX idx_products_slug ON products (slug);
CREATE INDEX idx_product_variants_sku ON product_variants (sku);
CREATE INDEX idx_product_reviews_product ON product_reviews (product_id);
CREATE INDEX idx_product_reviews_user ON product_reviews (user_id);
CREATE INDEX idx_inventory_movements_variant ON inventory_movements (product_variant_id);
CREATE INDEX idx_inventory_movements_type ON inventory_movements (movement_type);

CREATE FUNCTION update_product_search_vector() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.search_vector :=
        setweight(to_tsvector('english', COALESCE(NEW.name, '')), 'A') ||
        setweight(to_tsvector('english', COALESCE(NEW.description, '')), 'B') ||
        setweight(to_tsvector('english', COALESCE(NEW.sku, '')), 'C') ||
        setweight(to_tsvector('english', COALESCE(array_to_string(NEW.tags, ' '), '')), 'D');
    RETURN NEW;
END;
$$;

CREATE TRIGGER update_product_search_vector_trigger BEFORE INSERT OR UPDATE ON products
    FOR EACH ROW EXECUTE FUNCTION update_product_search_vector();

CREATE TRIGGER update_categories_updated_at BEFORE UPDATE ON categories
    FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();
CREATE TRIGGER update_products_updated_at BEFORE UPDATE ON products
    FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();
CREATE TRIGGER update_product_variants_updated_at BEFORE UPDATE ON product_variants
    FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();
