-- The stock a variant is born with is the first line of its ledger, so the ledger adds up from the first day.
-- Takes no lock beyond the rows it writes; CREATE TRIGGER locks product_variants against writes for an instant.
CREATE FUNCTION initial_stock_is_a_movement() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO inventory_movements (product_variant_id, movement_type, quantity)
    SELECT id, 'initial', inventory_quantity + reserved_quantity
    FROM new_rows
    WHERE inventory_quantity + reserved_quantity <> 0;
    RETURN NULL;
END;
$$;

CREATE TRIGGER initial_stock_is_a_movement
    AFTER INSERT ON product_variants
    REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION initial_stock_is_a_movement();
