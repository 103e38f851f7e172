-- A variant is recognised by its options, and where its options were renamed by its SKU, within its product only.
-- about: update staged_variants
UPDATE staged_variants v
SET variant_id = known.id, is_new = false
FROM product_variants known
WHERE known.product_id = v.product_id
    AND (known.option1, known.option2, known.option3) IS NOT DISTINCT FROM (v.option1, v.option2, v.option3);

UPDATE staged_variants v
SET variant_id = known.id, is_new = false
FROM product_variants known
WHERE v.is_new
    AND known.product_id = v.product_id
    AND known.sku = v.sku
    AND NOT EXISTS (SELECT FROM staged_variants other WHERE other.variant_id = known.id AND NOT other.is_new);
