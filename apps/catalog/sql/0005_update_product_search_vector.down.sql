CREATE OR REPLACE TRIGGER update_product_search_vector_trigger
    BEFORE INSERT OR UPDATE OF name, description, sku, tags, search_language ON products
    FOR EACH ROW EXECUTE FUNCTION update_product_search_vector();

CREATE OR REPLACE FUNCTION update_product_search_vector() RETURNS trigger LANGUAGE plpgsql AS $$
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

DROP FUNCTION search_vector_of(regconfig, text, text, text, text);
