-- A product's inventory_quantity and variants_count are the sums of its variants; it is in stock while an active variant
-- can be bought, or when its stock is not tracked.
-- The writer of variants holds their locks already; the products are then locked in id order, so two statements never
-- wait for each other in a circle. Products whose totals stay the same are not written. Order of locks in the whole
-- app: variants, then products.
CREATE FUNCTION product_totals_follow_variants() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    touched uuid[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT array_agg(DISTINCT n.product_id) INTO touched FROM new_rows n;
    ELSIF TG_OP = 'DELETE' THEN
        SELECT array_agg(DISTINCT o.product_id) INTO touched FROM old_rows o;
    ELSE
        SELECT array_agg(DISTINCT p.product_id) INTO touched
        FROM new_rows n
        JOIN old_rows o USING (id)
        CROSS JOIN LATERAL (VALUES (n.product_id), (o.product_id)) AS p (product_id)
        WHERE (n.product_id, n.inventory_quantity, n.is_active, n.allow_backorder)
            IS DISTINCT FROM (o.product_id, o.inventory_quantity, o.is_active, o.allow_backorder);
    END IF;
    IF touched IS NULL THEN
        RETURN NULL;
    END IF;
    PERFORM FROM products p WHERE p.id = ANY (touched) ORDER BY p.id FOR NO KEY UPDATE;
    UPDATE products p
    SET inventory_quantity = t.inventory_quantity,
        variants_count = t.variants_count,
        in_stock = t.sellable OR NOT p.track_inventory
    FROM (
        SELECT
            u.product_id,
            coalesce(sum(v.inventory_quantity), 0)::integer AS inventory_quantity,
            count(v.id)::integer AS variants_count,
            coalesce(bool_or(v.is_active AND (v.inventory_quantity > 0 OR v.allow_backorder)), false) AS sellable
        FROM unnest(touched) AS u (product_id)
        LEFT JOIN product_variants v ON v.product_id = u.product_id
        GROUP BY u.product_id
    ) AS t
    WHERE p.id = t.product_id
        AND (p.inventory_quantity, p.variants_count, p.in_stock)
            IS DISTINCT FROM (t.inventory_quantity, t.variants_count, t.sellable OR NOT p.track_inventory);
    RETURN NULL;
END;
$$;

-- PostgreSQL wants one trigger an event where a trigger reads whole statements.
CREATE TRIGGER product_totals_follow_variants_on_insert
    AFTER INSERT ON product_variants
    REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION product_totals_follow_variants();

CREATE TRIGGER product_totals_follow_variants_on_update
    AFTER UPDATE ON product_variants
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION product_totals_follow_variants();

CREATE TRIGGER product_totals_follow_variants_on_delete
    AFTER DELETE ON product_variants
    REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION product_totals_follow_variants();

-- The product's own switch decides too.
CREATE FUNCTION product_in_stock_follows_tracking() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.in_stock := NOT NEW.track_inventory OR EXISTS (
        SELECT FROM product_variants v
        WHERE v.product_id = NEW.id AND v.is_active AND (v.inventory_quantity > 0 OR v.allow_backorder)
    );
    RETURN NEW;
END;
$$;

CREATE TRIGGER product_in_stock_follows_tracking
    BEFORE INSERT OR UPDATE OF track_inventory ON products
    FOR EACH ROW EXECUTE FUNCTION product_in_stock_follows_tracking();
