-- A SKU that another variant of the shop has is not taken from it: the newcomer gets its spare one, and says what it wanted.
-- about: update staged_variants
UPDATE staged_variants v
SET sku = v.spare_sku
FROM product_variants holder
JOIN products p ON p.id = holder.product_id
WHERE holder.sku = v.sku AND holder.id <> v.variant_id AND v.sku <> v.spare_sku
RETURNING v.row, v.variant_id, holder.sku, p.slug
