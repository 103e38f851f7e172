DROP TRIGGER market_price_changes_are_recorded ON market_prices;
DROP FUNCTION market_price_changes_are_recorded();
DROP TRIGGER update_market_prices_updated_at ON market_prices;
DROP TRIGGER update_markets_updated_at ON markets;
ALTER TABLE market_prices
    DROP CONSTRAINT market_prices_variant_id_fkey,
    DROP CONSTRAINT market_prices_market_id_fkey;
