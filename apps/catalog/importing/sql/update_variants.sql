-- The variants that differ from the file. The file's quantity is what can be sold from now on; what that adds or takes
-- stands in the ledger. Where the file has none the stock stays, except below zero where that is no longer allowed.
-- The variants are locked already.
-- about: update product_variants
WITH target AS (
    SELECT
        s.variant_id,
        v.inventory_quantity AS before,
        coalesce(
            s.inventory_quantity,
            CASE WHEN s.allow_backorder THEN v.inventory_quantity ELSE greatest(v.inventory_quantity, 0) END
        ) AS after
    FROM staged_variants s
    JOIN product_variants v ON v.id = s.variant_id
    WHERE s.has_changed
), ledger AS (
    INSERT INTO inventory_movements (
        id, product_variant_id, movement_type, quantity, reference_id, reference_type, notes
    )
    SELECT uuid_v7(), variant_id, 'adjustment', after - before, %(import_id)s::uuid, 'import', %(notes)s
    FROM target
    WHERE after <> before
)
UPDATE product_variants v
SET title = s.title, sku = s.sku, barcode = s.barcode, price = s.price, compare_price = s.compare_price,
    cost_price = s.cost_price, inventory_quantity = t.after, weight = s.weight, option1 = s.option1,
    option2 = s.option2, option3 = s.option3, image_url = s.image_url, position = s.position,
    allow_backorder = s.allow_backorder, requires_shipping = s.requires_shipping, taxable = s.taxable,
    weight_unit = s.weight_unit, metadata = s.metadata
FROM staged_variants s
JOIN target t ON t.variant_id = s.variant_id
WHERE v.id = s.variant_id
RETURNING v.product_id, v.id, v.is_located
