-- A level goes with its variant; what the ledgers of places and the reservations name stays. A reservation's places go
-- with it. No place sells what it has not, unless the variant sells below zero.
-- Locks the tables of each key against writes for an instant (ADD FOREIGN KEY: SHARE ROW EXCLUSIVE); those that bear the
-- keys are new and empty, so nothing is looked through.
ALTER TABLE stock_levels
    ADD CONSTRAINT stock_levels_variant_id_fkey
        FOREIGN KEY (variant_id) REFERENCES product_variants (id) ON DELETE CASCADE,
    ADD CONSTRAINT stock_levels_location_id_fkey FOREIGN KEY (location_id) REFERENCES stock_locations (id);

ALTER TABLE inventory_reservation_locations
    ADD CONSTRAINT inventory_reservation_locations_order_id_variant_id_fkey
        FOREIGN KEY (order_id, variant_id) REFERENCES inventory_reservations (order_id, variant_id) ON DELETE CASCADE,
    ADD CONSTRAINT inventory_reservation_locations_location_id_fkey
        FOREIGN KEY (location_id) REFERENCES stock_locations (id);

ALTER TABLE location_movements
    ADD CONSTRAINT location_movements_variant_id_fkey FOREIGN KEY (variant_id) REFERENCES product_variants (id),
    ADD CONSTRAINT location_movements_location_id_fkey FOREIGN KEY (location_id) REFERENCES stock_locations (id);

CREATE TRIGGER update_stock_locations_updated_at BEFORE UPDATE ON stock_locations
    FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();

CREATE FUNCTION level_is_never_oversold() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- The variant is locked by whoever writes its levels.
    IF NOT (SELECT v.allow_backorder FROM product_variants v WHERE v.id = NEW.variant_id) THEN
        RAISE EXCEPTION 'The place has not so many pieces of variant %.', NEW.variant_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'level_is_never_oversold';
    END IF;
    RETURN NEW;
END;
$$;

CREATE TRIGGER level_is_never_oversold_on_insert BEFORE INSERT ON stock_levels
    FOR EACH ROW WHEN (NEW.available < 0) EXECUTE FUNCTION level_is_never_oversold();
CREATE TRIGGER level_is_never_oversold_on_update BEFORE UPDATE ON stock_levels
    FOR EACH ROW WHEN (NEW.available < 0 AND NEW.available < OLD.available)
    EXECUTE FUNCTION level_is_never_oversold();
