-- A former slug of a product leads to the product, until a product takes it.
-- It leads to the product, not to another slug: renamed twice, it leads to the newest, and back again it leads nowhere.
-- The triggers fire after the row is written, so after the unique index of slugs has let it in: who takes a slug has
-- waited for who gave it up, and finds the redirect. Locks the one redirect; the row of the product is locked already.
ALTER TABLE product_slug_redirects
    ADD CONSTRAINT product_slug_redirects_product_id_fkey
        FOREIGN KEY (product_id) REFERENCES products (id) ON DELETE CASCADE;

CREATE FUNCTION former_slug_leads_to_its_product() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM product_slug_redirects WHERE slug = NEW.slug;
    IF TG_OP = 'UPDATE' THEN
        INSERT INTO product_slug_redirects (slug, product_id) VALUES (OLD.slug, NEW.id)
        ON CONFLICT (slug) DO UPDATE SET product_id = EXCLUDED.product_id, created_at = EXCLUDED.created_at;
    END IF;
    RETURN NULL;
END;
$$;

CREATE TRIGGER former_slug_leads_to_its_product_on_insert
    AFTER INSERT ON products
    FOR EACH ROW EXECUTE FUNCTION former_slug_leads_to_its_product();

CREATE TRIGGER former_slug_leads_to_its_product_on_update
    AFTER UPDATE OF slug ON products
    FOR EACH ROW WHEN (OLD.slug <> NEW.slug) EXECUTE FUNCTION former_slug_leads_to_its_product();
