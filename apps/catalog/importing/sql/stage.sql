-- The tables of one batch. They belong to its transaction and go with it.
-- about: other staged_products
DROP TABLE IF EXISTS pg_temp.staged_products, pg_temp.staged_variants, pg_temp.staged_categories;

CREATE TEMPORARY TABLE staged_products (
    product_id uuid NOT NULL,
    is_new boolean NOT NULL DEFAULT true,
    has_changed boolean NOT NULL DEFAULT false,
    row integer PRIMARY KEY,
    slug text NOT NULL,
    name text NOT NULL,
    description text,
    sku text,
    spare_sku text NOT NULL,
    barcode text,
    price numeric NOT NULL,
    compare_price numeric,
    cost_price numeric,
    weight numeric,
    vendor text,
    product_type text,
    categories text[] NOT NULL,
    tags text[] NOT NULL,
    images jsonb NOT NULL,
    options jsonb NOT NULL,
    seo_title text,
    seo_description text,
    is_active boolean NOT NULL,
    is_published boolean NOT NULL,
    published_on timestamptz,
    published_at timestamptz,
    is_digital boolean NOT NULL,
    search_language text,
    requires_shipping boolean NOT NULL,
    taxable boolean NOT NULL,
    metadata jsonb NOT NULL
) ON COMMIT DROP;

CREATE TEMPORARY TABLE staged_variants (
    variant_id uuid NOT NULL,
    product_id uuid,
    is_new boolean NOT NULL DEFAULT true,
    has_changed boolean NOT NULL DEFAULT false,
    product_row integer NOT NULL,
    row integer NOT NULL,
    option1 text,
    option2 text,
    option3 text,
    title text NOT NULL,
    sku text NOT NULL,
    spare_sku text NOT NULL,
    barcode text,
    price numeric NOT NULL,
    compare_price numeric,
    cost_price numeric,
    inventory_quantity integer,
    weight numeric,
    image_url text,
    position integer NOT NULL,
    allow_backorder boolean NOT NULL,
    requires_shipping boolean NOT NULL,
    taxable boolean NOT NULL,
    weight_unit text NOT NULL,
    metadata jsonb NOT NULL
) ON COMMIT DROP;

CREATE TEMPORARY TABLE staged_categories (
    path text PRIMARY KEY,
    parent_path text,
    level integer NOT NULL,
    name text NOT NULL,
    slug text NOT NULL,
    spare_slug text NOT NULL,
    taxonomy text,
    taxonomy_id text,
    category_id uuid
) ON COMMIT DROP;
