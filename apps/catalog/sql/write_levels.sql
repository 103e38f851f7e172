-- Change levels, and with what raises `reserved` say where an order's stock is held. What changes the pieces at a place
-- stands in the ledger of places. The variants are locked already; a level that is not there yet begins with its change.
-- about: update stock_levels
WITH given AS MATERIALIZED (
    SELECT *
    FROM unnest(
        %(variants)s::uuid[], %(locations)s::uuid[], %(available)s::integer[], %(reserved)s::integer[],
        %(references)s::uuid[]
    ) AS g (variant_id, location_id, available, reserved, reference_id)
), ledger AS (
    INSERT INTO location_movements (
        id, variant_id, location_id, movement_type, quantity, reference_id, created_by
    )
    SELECT
        uuid_v7(), variant_id, location_id, %(movement_type)s, available + reserved, reference_id, %(user_id)s::uuid
    FROM given
    WHERE available + reserved <> 0
), holds AS (
    INSERT INTO inventory_reservation_locations (order_id, variant_id, location_id, quantity)
    SELECT reference_id, variant_id, location_id, reserved FROM given WHERE reserved > 0
), delta AS (
    SELECT variant_id, location_id, sum(available)::integer AS available, sum(reserved)::integer AS reserved
    FROM given
    GROUP BY variant_id, location_id
), fresh AS (
    INSERT INTO stock_levels (variant_id, location_id, available, reserved)
    SELECT d.variant_id, d.location_id, d.available, d.reserved
    FROM delta d
    WHERE NOT EXISTS (
        SELECT FROM stock_levels l WHERE l.variant_id = d.variant_id AND l.location_id = d.location_id
    )
)
UPDATE stock_levels l
SET available = l.available + d.available, reserved = l.reserved + d.reserved
FROM delta d
WHERE l.variant_id = d.variant_id AND l.location_id = d.location_id
