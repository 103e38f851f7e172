-- A former slug of a category leads to the category, until a category takes it; the slugs of a category that is deleted
-- lead to the nearest one above it that stays.
-- Where a whole branch goes in one statement, each row hands its slugs on to what is above it and not deleted yet, so in
-- whatever order the rows come, they end above the branch, or nowhere. `category_ancestors` still knows the branch then:
-- it is cleared after the statement. Locks the redirects of one category; its row is locked already.
ALTER TABLE category_slug_redirects
    ADD CONSTRAINT category_slug_redirects_category_id_fkey
        FOREIGN KEY (category_id) REFERENCES categories (id) ON DELETE CASCADE;

CREATE FUNCTION former_slug_leads_to_its_category() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM category_slug_redirects WHERE slug = NEW.slug;
    IF TG_OP = 'UPDATE' THEN
        INSERT INTO category_slug_redirects (slug, category_id) VALUES (OLD.slug, NEW.id)
        ON CONFLICT (slug) DO UPDATE SET category_id = EXCLUDED.category_id, created_at = EXCLUDED.created_at;
    END IF;
    RETURN NULL;
END;
$$;

CREATE TRIGGER former_slug_leads_to_its_category_on_insert
    AFTER INSERT ON categories
    FOR EACH ROW EXECUTE FUNCTION former_slug_leads_to_its_category();

CREATE TRIGGER former_slug_leads_to_its_category_on_update
    AFTER UPDATE OF slug ON categories
    FOR EACH ROW WHEN (OLD.slug <> NEW.slug) EXECUTE FUNCTION former_slug_leads_to_its_category();

CREATE FUNCTION slugs_of_a_deleted_category_lead_upwards() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    heir uuid;
BEGIN
    SELECT a.ancestor_id INTO heir
    FROM category_ancestors a
    JOIN categories c ON c.id = a.ancestor_id
    WHERE a.category_id = OLD.id AND a.distance > 0
    ORDER BY a.distance
    LIMIT 1;
    IF heir IS NOT NULL THEN
        UPDATE category_slug_redirects SET category_id = heir WHERE category_id = OLD.id;
        INSERT INTO category_slug_redirects (slug, category_id) VALUES (OLD.slug, heir)
        ON CONFLICT (slug) DO UPDATE SET category_id = EXCLUDED.category_id, created_at = EXCLUDED.created_at;
    END IF;
    RETURN OLD;
END;
$$;

CREATE TRIGGER slugs_of_a_deleted_category_lead_upwards
    BEFORE DELETE ON categories
    FOR EACH ROW EXECUTE FUNCTION slugs_of_a_deleted_category_lead_upwards();
