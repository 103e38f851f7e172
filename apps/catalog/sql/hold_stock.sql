-- Move pieces from "can be sold" to "held", one line an order and variant. The variants are locked already.
-- inventory_is_never_oversold guards the delta: it fails the statement rather than skip a row.
-- about: update product_variants
WITH held AS (
    INSERT INTO inventory_reservations (order_id, variant_id, quantity)
    SELECT * FROM unnest(%(orders)s::uuid[], %(variants)s::uuid[], %(quantities)s::integer[])
    RETURNING variant_id, quantity
), delta AS (
    SELECT variant_id, sum(quantity)::integer AS quantity FROM held GROUP BY variant_id
)
UPDATE product_variants v
SET inventory_quantity = v.inventory_quantity - d.quantity,
    reserved_quantity = v.reserved_quantity + d.quantity
FROM delta d
WHERE v.id = d.variant_id
RETURNING
    v.id AS variant_id, v.product_id, v.allow_backorder, v.inventory_quantity + d.quantity AS before,
    v.inventory_quantity AS after
