-- Add to "can be sold", or take from it, and say so in the ledger. The variants are locked already.
-- about: update product_variants
WITH moved AS (
    INSERT INTO inventory_movements (
        id, product_variant_id, movement_type, quantity, reason, notes, counted_at, reference_id, reference_type, created_by
    )
    SELECT
        m.id, m.variant_id, %(movement_type)s, m.quantity, m.reason, m.notes, m.counted_at,
        %(reference_id)s::uuid, %(reference_type)s, %(user_id)s::uuid
    FROM unnest(
        %(ids)s::uuid[], %(variants)s::uuid[], %(quantities)s::integer[], %(reasons)s::text[], %(notes)s::text[],
        %(times)s::timestamptz[]
    ) AS m (id, variant_id, quantity, reason, notes, counted_at)
    RETURNING product_variant_id, quantity
), delta AS (
    SELECT product_variant_id, sum(quantity)::integer AS quantity FROM moved GROUP BY product_variant_id
)
UPDATE product_variants v
SET inventory_quantity = v.inventory_quantity + d.quantity
FROM delta d
WHERE v.id = d.product_variant_id
RETURNING
    v.id AS variant_id, v.product_id, v.allow_backorder, v.inventory_quantity - d.quantity AS before,
    v.inventory_quantity AS after
