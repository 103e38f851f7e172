-- Add returned pieces to what can be sold, and say so in the ledger; what is in the ledger already moves nothing again.
-- The variants are locked already.
-- about: update product_variants
WITH moved AS (
    INSERT INTO inventory_movements (
        id, product_variant_id, movement_type, quantity, reference_id, reference_type, notes
    )
    SELECT m.id, m.variant_id, 'return', m.quantity, m.order_id, 'order', m.note
    FROM unnest(%(ids)s::uuid[], %(variants)s::uuid[], %(quantities)s::integer[], %(orders)s::uuid[], %(notes)s::text[])
        AS m (id, variant_id, quantity, order_id, note)
    ON CONFLICT (id) DO NOTHING
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
