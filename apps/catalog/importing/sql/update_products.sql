-- The products that differ from the file.
-- about: update products
UPDATE products p
SET name = s.name, description = s.description, barcode = s.barcode, price = s.price,
    compare_price = s.compare_price, cost_price = s.cost_price, weight = s.weight, vendor = s.vendor,
    product_type = s.product_type, tags = s.tags, images = s.images, options = s.options, seo_title = s.seo_title,
    seo_description = s.seo_description, is_active = s.is_active, published_at = s.published_at,
    is_digital = s.is_digital, search_language = s.search_language, requires_shipping = s.requires_shipping, taxable = s.taxable, metadata = s.metadata
FROM staged_products s
WHERE s.has_changed AND p.id = s.product_id
RETURNING p.id
