-- Once every product is written, a variant gets the SKU it wanted if nobody has it any more.
-- about: update product_variants
UPDATE product_variants v
SET sku = w.sku
FROM unnest(%(variants)s::uuid[], %(skus)s::text[]) AS w (variant_id, sku)
WHERE v.id = w.variant_id AND NOT EXISTS (SELECT FROM product_variants holder WHERE holder.sku = w.sku)
RETURNING v.id
