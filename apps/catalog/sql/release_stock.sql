-- Give what some orders hold back to "can be sold". The variants and the reservations are locked already.
-- about: update product_variants
WITH released AS (
    UPDATE inventory_reservations
    SET state = 'released'
    WHERE order_id = ANY (%(orders)s) AND state = 'held'
    RETURNING variant_id, quantity
), delta AS (
    SELECT variant_id, sum(quantity)::integer AS quantity FROM released GROUP BY variant_id
)
UPDATE product_variants v
SET inventory_quantity = v.inventory_quantity + d.quantity,
    reserved_quantity = v.reserved_quantity - d.quantity
FROM delta d
WHERE v.id = d.variant_id
RETURNING
    v.id AS variant_id, v.product_id, v.allow_backorder, v.inventory_quantity - d.quantity AS before,
    v.inventory_quantity AS after
