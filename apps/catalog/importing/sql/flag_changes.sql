-- Only what differs is written; this says what does.
-- about: update staged_products
UPDATE staged_products s
SET has_changed = true
FROM products p
WHERE p.id = s.product_id AND NOT s.is_new
    AND (
        p.name, p.description, p.barcode, p.price, p.compare_price, p.cost_price, p.weight, p.vendor, p.product_type,
        p.tags, p.images, p.options, p.seo_title, p.seo_description, p.is_active, p.published_at, p.is_digital,
        p.search_language, p.requires_shipping, p.taxable, p.metadata
    ) IS DISTINCT FROM (
        s.name, s.description, s.barcode, s.price, s.compare_price, s.cost_price, s.weight, s.vendor, s.product_type,
        s.tags, s.images, s.options, s.seo_title, s.seo_description, s.is_active, s.published_at, s.is_digital,
        s.search_language, s.requires_shipping, s.taxable, s.metadata
    );

UPDATE staged_variants s
SET has_changed = true
FROM product_variants v
WHERE v.id = s.variant_id AND NOT s.is_new
    AND (
        (
            v.title, v.sku, v.barcode, v.price, v.compare_price, v.cost_price, v.weight, v.option1, v.option2,
            v.option3, v.image_url, v.position, v.allow_backorder, v.requires_shipping, v.taxable, v.weight_unit,
            v.metadata
        ) IS DISTINCT FROM (
            s.title, s.sku, s.barcode, s.price, s.compare_price, s.cost_price, s.weight, s.option1, s.option2,
            s.option3, s.image_url, s.position, s.allow_backorder, s.requires_shipping, s.taxable, s.weight_unit,
            s.metadata
        )
        OR v.inventory_quantity <> s.inventory_quantity
        OR (v.inventory_quantity < 0 AND NOT s.allow_backorder)
    );
