-- The stock a variant comes with becomes its first movement: rule initial_stock_is_a_movement.
-- about: insert product_variants
INSERT INTO product_variants (
    id, product_id, title, sku, barcode, price, compare_price, cost_price, inventory_quantity, weight,
    option1, option2, option3, image_url, position, allow_backorder, requires_shipping, taxable, weight_unit, metadata
)
SELECT
    variant_id, product_id, title, sku, barcode, price, compare_price, cost_price, coalesce(inventory_quantity, 0),
    weight, option1, option2, option3, image_url, position, allow_backorder, requires_shipping, taxable, weight_unit,
    metadata
FROM staged_variants
WHERE is_new
ORDER BY row
RETURNING product_id
