-- What people change of products and variants is recorded: which fields, from what to what, by whom and by what way, in
-- the transaction that changes it, whoever writes.
-- Who it is stands in `app.actor` and `app.source`, settings of the transaction (apps.catalog.services.acting). What is
-- added is recorded only where somebody said so: a row says itself when it was written.
-- The triggers name their columns, so a sale, which writes quantities, does not even ask them; a statement that sets a
-- column to what it was records nothing. Locks nothing: rows are only added.
CREATE FUNCTION record_product_change(product_id uuid, variant_id uuid, action text, changes jsonb) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO product_changes (product_id, variant_id, action, changes, actor_id, source)
    VALUES (
        $1, $2, $3, $4,
        nullif(current_setting('app.actor', true), '')::uuid,
        coalesce(nullif(current_setting('app.source', true), ''), 'sql')
    );
END;
$$;

CREATE FUNCTION product_changes_are_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'change % of product % is history: it cannot be changed or deleted', OLD.id, OLD.product_id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'product_changes_are_append_only', TABLE = 'product_changes';
END;
$$;

CREATE TRIGGER product_changes_are_append_only BEFORE UPDATE OR DELETE ON product_changes
    FOR EACH ROW EXECUTE FUNCTION product_changes_are_append_only();

CREATE FUNCTION product_changes_are_recorded() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changes jsonb := '{}';
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM record_product_change(NEW.id, NULL, 'added', jsonb_build_object(
            'name', NEW.name, 'slug', NEW.slug, 'sku', NEW.sku, 'price', NEW.price::text
        ));
        RETURN NULL;
    ELSIF TG_OP = 'DELETE' THEN
        PERFORM record_product_change(OLD.id, NULL, 'deleted', jsonb_build_object(
            'name', OLD.name, 'slug', OLD.slug, 'sku', OLD.sku, 'price', OLD.price::text
        ));
        RETURN NULL;
    END IF;
    IF OLD.name IS DISTINCT FROM NEW.name THEN
        changes := changes || jsonb_build_object('name', jsonb_build_array(OLD.name, NEW.name));
    END IF;
    IF OLD.slug IS DISTINCT FROM NEW.slug THEN
        changes := changes || jsonb_build_object('slug', jsonb_build_array(OLD.slug, NEW.slug));
    END IF;
    IF OLD.description IS DISTINCT FROM NEW.description THEN
        changes := changes
            || jsonb_build_object('description', jsonb_build_array(OLD.description, NEW.description));
    END IF;
    IF OLD.short_description IS DISTINCT FROM NEW.short_description THEN
        changes := changes
            || jsonb_build_object('short_description', jsonb_build_array(OLD.short_description, NEW.short_description));
    END IF;
    IF OLD.sku IS DISTINCT FROM NEW.sku THEN
        changes := changes || jsonb_build_object('sku', jsonb_build_array(OLD.sku, NEW.sku));
    END IF;
    IF OLD.barcode IS DISTINCT FROM NEW.barcode THEN
        changes := changes || jsonb_build_object('barcode', jsonb_build_array(OLD.barcode, NEW.barcode));
    END IF;
    IF OLD.price IS DISTINCT FROM NEW.price THEN
        changes := changes || jsonb_build_object('price', jsonb_build_array(OLD.price::text, NEW.price::text));
    END IF;
    IF OLD.compare_price IS DISTINCT FROM NEW.compare_price THEN
        changes := changes
            || jsonb_build_object('compare_price', jsonb_build_array(OLD.compare_price::text, NEW.compare_price::text));
    END IF;
    IF OLD.cost_price IS DISTINCT FROM NEW.cost_price THEN
        changes := changes
            || jsonb_build_object('cost_price', jsonb_build_array(OLD.cost_price::text, NEW.cost_price::text));
    END IF;
    IF OLD.track_inventory IS DISTINCT FROM NEW.track_inventory THEN
        changes := changes
            || jsonb_build_object('track_inventory', jsonb_build_array(OLD.track_inventory, NEW.track_inventory));
    END IF;
    IF OLD.low_stock_threshold IS DISTINCT FROM NEW.low_stock_threshold THEN
        changes := changes
            || jsonb_build_object(
                'low_stock_threshold', jsonb_build_array(OLD.low_stock_threshold, NEW.low_stock_threshold)
            );
    END IF;
    IF OLD.weight IS DISTINCT FROM NEW.weight THEN
        changes := changes
            || jsonb_build_object('weight', jsonb_build_array(OLD.weight::text, NEW.weight::text));
    END IF;
    IF OLD.dimensions IS DISTINCT FROM NEW.dimensions THEN
        changes := changes
            || jsonb_build_object('dimensions', jsonb_build_array(OLD.dimensions, NEW.dimensions));
    END IF;
    IF OLD.is_active IS DISTINCT FROM NEW.is_active THEN
        changes := changes || jsonb_build_object('is_active', jsonb_build_array(OLD.is_active, NEW.is_active));
    END IF;
    IF OLD.is_featured IS DISTINCT FROM NEW.is_featured THEN
        changes := changes
            || jsonb_build_object('is_featured', jsonb_build_array(OLD.is_featured, NEW.is_featured));
    END IF;
    IF OLD.is_digital IS DISTINCT FROM NEW.is_digital THEN
        changes := changes
            || jsonb_build_object('is_digital', jsonb_build_array(OLD.is_digital, NEW.is_digital));
    END IF;
    IF OLD.is_gift_card IS DISTINCT FROM NEW.is_gift_card THEN
        changes := changes
            || jsonb_build_object('is_gift_card', jsonb_build_array(OLD.is_gift_card, NEW.is_gift_card));
    END IF;
    IF OLD.requires_shipping IS DISTINCT FROM NEW.requires_shipping THEN
        changes := changes
            || jsonb_build_object('requires_shipping', jsonb_build_array(OLD.requires_shipping, NEW.requires_shipping));
    END IF;
    IF OLD.taxable IS DISTINCT FROM NEW.taxable THEN
        changes := changes || jsonb_build_object('taxable', jsonb_build_array(OLD.taxable, NEW.taxable));
    END IF;
    IF OLD.vendor IS DISTINCT FROM NEW.vendor THEN
        changes := changes || jsonb_build_object('vendor', jsonb_build_array(OLD.vendor, NEW.vendor));
    END IF;
    IF OLD.product_type IS DISTINCT FROM NEW.product_type THEN
        changes := changes
            || jsonb_build_object('product_type', jsonb_build_array(OLD.product_type, NEW.product_type));
    END IF;
    IF OLD.tags IS DISTINCT FROM NEW.tags THEN
        changes := changes || jsonb_build_object('tags', jsonb_build_array(OLD.tags, NEW.tags));
    END IF;
    IF OLD.images IS DISTINCT FROM NEW.images THEN
        changes := changes || jsonb_build_object('images', jsonb_build_array(OLD.images, NEW.images));
    END IF;
    IF OLD.options IS DISTINCT FROM NEW.options THEN
        changes := changes || jsonb_build_object('options', jsonb_build_array(OLD.options, NEW.options));
    END IF;
    IF OLD.seo_title IS DISTINCT FROM NEW.seo_title THEN
        changes := changes || jsonb_build_object('seo_title', jsonb_build_array(OLD.seo_title, NEW.seo_title));
    END IF;
    IF OLD.seo_description IS DISTINCT FROM NEW.seo_description THEN
        changes := changes
            || jsonb_build_object('seo_description', jsonb_build_array(OLD.seo_description, NEW.seo_description));
    END IF;
    IF OLD.published_at IS DISTINCT FROM NEW.published_at THEN
        changes := changes
            || jsonb_build_object('published_at', jsonb_build_array(OLD.published_at, NEW.published_at));
    END IF;
    IF OLD.unpublished_at IS DISTINCT FROM NEW.unpublished_at THEN
        changes := changes
            || jsonb_build_object('unpublished_at', jsonb_build_array(OLD.unpublished_at, NEW.unpublished_at));
    END IF;
    IF OLD.search_language IS DISTINCT FROM NEW.search_language THEN
        changes := changes
            || jsonb_build_object('search_language', jsonb_build_array(OLD.search_language, NEW.search_language));
    END IF;
    IF changes <> '{}' THEN
        PERFORM record_product_change(NEW.id, NULL, 'changed', changes);
    END IF;
    RETURN NULL;
END;
$$;

CREATE TRIGGER product_changes_are_recorded_on_insert
    AFTER INSERT ON products
    FOR EACH ROW WHEN (nullif(current_setting('app.source', true), '') IS NOT NULL)
    EXECUTE FUNCTION product_changes_are_recorded();

CREATE TRIGGER product_changes_are_recorded_on_update
    AFTER UPDATE OF
        name, slug, description, short_description, sku, barcode, price, compare_price, cost_price,
        track_inventory, low_stock_threshold, weight, dimensions, is_active, is_featured, is_digital,
        is_gift_card, requires_shipping, taxable, vendor, product_type, tags, images, options, seo_title,
        seo_description, published_at, unpublished_at, search_language
    ON products
    FOR EACH ROW EXECUTE FUNCTION product_changes_are_recorded();

CREATE TRIGGER product_changes_are_recorded_on_delete
    AFTER DELETE ON products
    FOR EACH ROW EXECUTE FUNCTION product_changes_are_recorded();

CREATE FUNCTION variant_changes_are_recorded() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changes jsonb := '{}';
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM record_product_change(NEW.product_id, NEW.id, 'added', jsonb_build_object(
            'title', NEW.title, 'sku', NEW.sku, 'price', NEW.price::text
        ));
        RETURN NULL;
    ELSIF TG_OP = 'DELETE' THEN
        PERFORM record_product_change(OLD.product_id, OLD.id, 'deleted', jsonb_build_object(
            'title', OLD.title, 'sku', OLD.sku, 'price', OLD.price::text
        ));
        RETURN NULL;
    END IF;
    IF OLD.title IS DISTINCT FROM NEW.title THEN
        changes := changes || jsonb_build_object('title', jsonb_build_array(OLD.title, NEW.title));
    END IF;
    IF OLD.sku IS DISTINCT FROM NEW.sku THEN
        changes := changes || jsonb_build_object('sku', jsonb_build_array(OLD.sku, NEW.sku));
    END IF;
    IF OLD.barcode IS DISTINCT FROM NEW.barcode THEN
        changes := changes || jsonb_build_object('barcode', jsonb_build_array(OLD.barcode, NEW.barcode));
    END IF;
    IF OLD.price IS DISTINCT FROM NEW.price THEN
        changes := changes || jsonb_build_object('price', jsonb_build_array(OLD.price::text, NEW.price::text));
    END IF;
    IF OLD.compare_price IS DISTINCT FROM NEW.compare_price THEN
        changes := changes
            || jsonb_build_object('compare_price', jsonb_build_array(OLD.compare_price::text, NEW.compare_price::text));
    END IF;
    IF OLD.cost_price IS DISTINCT FROM NEW.cost_price THEN
        changes := changes
            || jsonb_build_object('cost_price', jsonb_build_array(OLD.cost_price::text, NEW.cost_price::text));
    END IF;
    IF OLD.weight IS DISTINCT FROM NEW.weight THEN
        changes := changes
            || jsonb_build_object('weight', jsonb_build_array(OLD.weight::text, NEW.weight::text));
    END IF;
    IF OLD.weight_unit IS DISTINCT FROM NEW.weight_unit THEN
        changes := changes
            || jsonb_build_object('weight_unit', jsonb_build_array(OLD.weight_unit, NEW.weight_unit));
    END IF;
    IF OLD.option1 IS DISTINCT FROM NEW.option1 THEN
        changes := changes || jsonb_build_object('option1', jsonb_build_array(OLD.option1, NEW.option1));
    END IF;
    IF OLD.option2 IS DISTINCT FROM NEW.option2 THEN
        changes := changes || jsonb_build_object('option2', jsonb_build_array(OLD.option2, NEW.option2));
    END IF;
    IF OLD.option3 IS DISTINCT FROM NEW.option3 THEN
        changes := changes || jsonb_build_object('option3', jsonb_build_array(OLD.option3, NEW.option3));
    END IF;
    IF OLD.image_url IS DISTINCT FROM NEW.image_url THEN
        changes := changes || jsonb_build_object('image_url', jsonb_build_array(OLD.image_url, NEW.image_url));
    END IF;
    IF OLD.position IS DISTINCT FROM NEW.position THEN
        changes := changes || jsonb_build_object('position', jsonb_build_array(OLD.position, NEW.position));
    END IF;
    IF OLD.is_active IS DISTINCT FROM NEW.is_active THEN
        changes := changes || jsonb_build_object('is_active', jsonb_build_array(OLD.is_active, NEW.is_active));
    END IF;
    IF OLD.allow_backorder IS DISTINCT FROM NEW.allow_backorder THEN
        changes := changes
            || jsonb_build_object('allow_backorder', jsonb_build_array(OLD.allow_backorder, NEW.allow_backorder));
    END IF;
    IF OLD.requires_shipping IS DISTINCT FROM NEW.requires_shipping THEN
        changes := changes
            || jsonb_build_object('requires_shipping', jsonb_build_array(OLD.requires_shipping, NEW.requires_shipping));
    END IF;
    IF OLD.taxable IS DISTINCT FROM NEW.taxable THEN
        changes := changes || jsonb_build_object('taxable', jsonb_build_array(OLD.taxable, NEW.taxable));
    END IF;
    IF changes <> '{}' THEN
        PERFORM record_product_change(NEW.product_id, NEW.id, 'changed', changes);
    END IF;
    RETURN NULL;
END;
$$;

CREATE TRIGGER variant_changes_are_recorded_on_insert
    AFTER INSERT ON product_variants
    FOR EACH ROW WHEN (nullif(current_setting('app.source', true), '') IS NOT NULL)
    EXECUTE FUNCTION variant_changes_are_recorded();

CREATE TRIGGER variant_changes_are_recorded_on_update
    AFTER UPDATE OF
        title, sku, barcode, price, compare_price, cost_price, weight, weight_unit, option1, option2, option3,
        image_url, position, is_active, allow_backorder, requires_shipping, taxable
    ON product_variants
    FOR EACH ROW EXECUTE FUNCTION variant_changes_are_recorded();

CREATE TRIGGER variant_changes_are_recorded_on_delete
    AFTER DELETE ON product_variants
    FOR EACH ROW EXECUTE FUNCTION variant_changes_are_recorded();
