DROP TRIGGER level_is_never_oversold_on_update ON stock_levels;
DROP TRIGGER level_is_never_oversold_on_insert ON stock_levels;
DROP FUNCTION level_is_never_oversold();
DROP TRIGGER update_stock_locations_updated_at ON stock_locations;
ALTER TABLE location_movements
    DROP CONSTRAINT location_movements_location_id_fkey,
    DROP CONSTRAINT location_movements_variant_id_fkey;
ALTER TABLE inventory_reservation_locations
    DROP CONSTRAINT inventory_reservation_locations_location_id_fkey,
    DROP CONSTRAINT inventory_reservation_locations_order_id_variant_id_fkey;
ALTER TABLE stock_levels
    DROP CONSTRAINT stock_levels_location_id_fkey,
    DROP CONSTRAINT stock_levels_variant_id_fkey;
