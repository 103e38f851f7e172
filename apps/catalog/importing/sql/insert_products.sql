-- A product's own SKU is given once: its first variant's, or its spare one where another product has that.
-- about: insert products
INSERT INTO products (
    id, slug, name, description, sku, barcode, price, compare_price, cost_price, weight, vendor, product_type, tags,
    images, options, seo_title, seo_description, is_active, published_at, is_digital, search_language,
    requires_shipping, taxable, metadata
)
SELECT
    s.product_id, s.slug, s.name, s.description,
    CASE WHEN EXISTS (SELECT FROM products p WHERE p.sku = lead.sku) THEN s.spare_sku ELSE lead.sku END,
    s.barcode, s.price, s.compare_price, s.cost_price, s.weight, s.vendor, s.product_type, s.tags,
    s.images, s.options, s.seo_title, s.seo_description, s.is_active, s.published_at, s.is_digital,
    s.search_language, s.requires_shipping, s.taxable, s.metadata
FROM staged_products s
JOIN staged_variants lead ON lead.product_row = s.row AND lead.position = 1
WHERE s.is_new
ORDER BY s.row
RETURNING id
