-- The words of a product weigh by where they stand: name A, descriptions B, SKU and barcode C, vendor, type and tags D;
-- in the product's language. The words of the name, and of what is D, stand there as they are written too.
-- It fires only when one of them is written, so a change of stock does not index the text again.
-- Locks products against writes for an instant (CREATE TRIGGER: SHARE ROW EXCLUSIVE).
CREATE FUNCTION search_vector_of(
    language regconfig, name text, description text, codes text, kinds text
) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT
        setweight(to_tsvector(language, search_text(name)), 'A') || search_written(name, 'A') ||
        setweight(to_tsvector(language, search_text(regexp_replace(description, '<[^>]*>', ' ', 'g'))), 'B') ||
        setweight(to_tsvector(language, search_text(concat_ws(
            ' ', codes, search_spellings(concat_ws(' ', name, codes, kinds))
        ))), 'C') ||
        setweight(to_tsvector(language, search_text(kinds)), 'D') || search_written(kinds, 'D')
$$;

CREATE OR REPLACE FUNCTION update_product_search_vector() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.search_vector := search_vector_of(
        NEW.search_language::regconfig,
        NEW.name,
        concat_ws(' ', NEW.short_description, left(NEW.description, 100000)),
        concat_ws(' ', NEW.sku, NEW.barcode),
        concat_ws(' ', NEW.vendor, NEW.product_type, array_to_string(NEW.tags, ' '))
    );
    RETURN NEW;
END;
$$;

CREATE OR REPLACE TRIGGER update_product_search_vector_trigger
    BEFORE INSERT OR UPDATE OF
        name, description, short_description, sku, barcode, vendor, product_type, tags, search_language
    ON products
    FOR EACH ROW EXECUTE FUNCTION update_product_search_vector();
