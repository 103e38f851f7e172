-- Let what some orders hold leave as sold, and say so in the ledger. The variants and reservations are locked already.
-- about: update product_variants
WITH sold AS (
    UPDATE inventory_reservations
    SET state = 'sold'
    WHERE order_id = ANY (%(orders)s) AND state = 'held'
    RETURNING order_id, variant_id, quantity
), ledger AS (
    INSERT INTO inventory_movements (
        id, product_variant_id, movement_type, quantity, reference_id, reference_type
    )
    SELECT uuid_v7(), variant_id, 'sale', -quantity, order_id, 'order' FROM sold
), delta AS (
    SELECT variant_id, sum(quantity)::integer AS quantity FROM sold GROUP BY variant_id
)
UPDATE product_variants v
SET reserved_quantity = v.reserved_quantity - d.quantity
FROM delta d
WHERE v.id = d.variant_id
