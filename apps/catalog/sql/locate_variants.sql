-- Let variants have places from now on: all that is there, and all that is held, stands at one place. The variants are
-- locked already; those that have places keep them.
-- about: update product_variants
WITH located AS (
    UPDATE product_variants
    SET is_located = true
    WHERE id = ANY (%(variants)s) AND NOT is_located
    RETURNING id, inventory_quantity, reserved_quantity
), levels AS (
    INSERT INTO stock_levels (variant_id, location_id, available, reserved)
    SELECT id, %(location_id)s::uuid, inventory_quantity, reserved_quantity FROM located
), holds AS (
    INSERT INTO inventory_reservation_locations (order_id, variant_id, location_id, quantity)
    SELECT r.order_id, r.variant_id, %(location_id)s::uuid, r.quantity
    FROM inventory_reservations r
    JOIN located v ON v.id = r.variant_id
    WHERE r.state = 'held'
), ledger AS (
    INSERT INTO location_movements (id, variant_id, location_id, movement_type, quantity)
    SELECT uuid_v7(), id, %(location_id)s::uuid, 'located', inventory_quantity + reserved_quantity
    FROM located
    WHERE inventory_quantity + reserved_quantity <> 0
)
SELECT id FROM located
