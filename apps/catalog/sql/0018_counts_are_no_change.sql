-- Who counts what is popular changes nothing that people edit or customers read: `updated_at` stays.
-- Locks products against writes for an instant (CREATE TRIGGER: SHARE ROW EXCLUSIVE).
CREATE OR REPLACE TRIGGER update_products_updated_at
    BEFORE UPDATE ON products
    FOR EACH ROW
    WHEN ((NEW.popularity_score, NEW.search_tier) IS NOT DISTINCT FROM (OLD.popularity_score, OLD.search_tier))
    EXECUTE FUNCTION update_updated_at_column();
