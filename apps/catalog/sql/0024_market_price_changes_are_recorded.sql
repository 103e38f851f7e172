-- What a variant costs in a market goes with either, and its changes stand in the history of the product.
-- Locks both tables of each key against writes for an instant (ADD FOREIGN KEY: SHARE ROW EXCLUSIVE); market_prices is
-- new and empty, so nothing is looked through. The trigger only adds rows.
ALTER TABLE market_prices
    ADD CONSTRAINT market_prices_market_id_fkey FOREIGN KEY (market_id) REFERENCES markets (id) ON DELETE CASCADE,
    ADD CONSTRAINT market_prices_variant_id_fkey
        FOREIGN KEY (variant_id) REFERENCES product_variants (id) ON DELETE CASCADE;

CREATE TRIGGER update_markets_updated_at BEFORE UPDATE ON markets
    FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();

CREATE TRIGGER update_market_prices_updated_at BEFORE UPDATE ON market_prices
    FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();

CREATE FUNCTION market_price_changes_are_recorded() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    market_code text;
    of_product uuid;
    changes jsonb := '{}';
BEGIN
    -- What goes with its market or variant is gone with it.
    SELECT m.code INTO market_code FROM markets m WHERE m.id = coalesce(NEW.market_id, OLD.market_id);
    SELECT v.product_id INTO of_product FROM product_variants v WHERE v.id = coalesce(NEW.variant_id, OLD.variant_id);
    IF market_code IS NULL OR of_product IS NULL THEN
        RETURN NULL;
    END IF;
    IF OLD.price IS DISTINCT FROM NEW.price THEN
        changes := jsonb_build_object('price in ' || market_code, jsonb_build_array(OLD.price::text, NEW.price::text));
    END IF;
    IF OLD.compare_price IS DISTINCT FROM NEW.compare_price THEN
        changes := changes || jsonb_build_object(
            'compare_price in ' || market_code, jsonb_build_array(OLD.compare_price::text, NEW.compare_price::text)
        );
    END IF;
    IF changes <> '{}' THEN
        PERFORM record_product_change(of_product, coalesce(NEW.variant_id, OLD.variant_id), 'changed', changes);
    END IF;
    RETURN NULL;
END;
$$;

CREATE TRIGGER market_price_changes_are_recorded
    AFTER INSERT OR UPDATE OR DELETE ON market_prices
    FOR EACH ROW EXECUTE FUNCTION market_price_changes_are_recorded();
