-- The words of a product weigh by where they stand: name A, description B, SKU C, tags D; in the product's language.
-- It fires only when one of them is written, so a change of stock does not index the text again.
-- Locks products against writes for an instant (CREATE TRIGGER: SHARE ROW EXCLUSIVE); it is new.
CREATE FUNCTION update_product_search_vector() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    language regconfig := NEW.search_language::regconfig;
BEGIN
    NEW.search_vector :=
        setweight(to_tsvector(language, COALESCE(NEW.name, '')), 'A') ||
        setweight(to_tsvector(language, COALESCE(NEW.description, '')), 'B') ||
        setweight(to_tsvector(language, COALESCE(NEW.sku, '')), 'C') ||
        setweight(to_tsvector(language, COALESCE(array_to_string(NEW.tags, ' '), '')), 'D');
    RETURN NEW;
END;
$$;

CREATE TRIGGER update_product_search_vector_trigger
    BEFORE INSERT OR UPDATE OF name, description, sku, tags, search_language ON products
    FOR EACH ROW EXECUTE FUNCTION update_product_search_vector();
