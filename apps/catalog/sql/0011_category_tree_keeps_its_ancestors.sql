-- Each category has a row for itself and for each one above it; the row is shown while all of them are active.
-- Whoever changes the tree takes the advisory lock of category_tree_has_no_cycle until the end of the transaction: what
-- two of them do to one branch is then written by the second, who sees the first. These triggers fire after those of
-- that rule, by their names, so the walk upwards ends.
CREATE FUNCTION category_tree_keeps_its_ancestors() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changed uuid[];
BEGIN
    IF TG_OP = 'DELETE' THEN
        DELETE FROM category_ancestors a USING old_rows o WHERE a.category_id = o.id;
        RETURN NULL;
    ELSIF TG_OP = 'INSERT' THEN
        SELECT array_agg(n.id) INTO changed FROM new_rows n;
    ELSE
        SELECT array_agg(n.id) INTO changed
        FROM new_rows n
        JOIN old_rows o USING (id)
        WHERE n.parent_id IS DISTINCT FROM o.parent_id OR n.is_active <> o.is_active;
    END IF;
    IF changed IS NULL THEN
        RETURN NULL;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('category_tree_has_no_cycle'));
    WITH RECURSIVE below AS (
        SELECT unnest(changed) AS id
        UNION
        SELECT c.id FROM categories c JOIN below b ON c.parent_id = b.id
    )
    SELECT array_agg(b.id) INTO changed FROM below b;
    DELETE FROM category_ancestors WHERE category_id = ANY (changed);
    WITH RECURSIVE above AS (
        SELECT c.id AS category_id, c.id AS ancestor_id, 0 AS distance, c.parent_id, c.is_active
        FROM categories c
        WHERE c.id = ANY (changed)
        UNION ALL
        SELECT a.category_id, c.id, a.distance + 1, c.parent_id, c.is_active
        FROM above a
        JOIN categories c ON c.id = a.parent_id
    )
    INSERT INTO category_ancestors (ancestor_id, category_id, distance, is_shown)
    SELECT a.ancestor_id, a.category_id, a.distance, bool_and(a.is_active) OVER (PARTITION BY a.category_id)
    FROM above a;
    RETURN NULL;
END;
$$;

CREATE TRIGGER category_tree_keeps_its_ancestors_on_insert
    AFTER INSERT ON categories
    REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION category_tree_keeps_its_ancestors();

CREATE TRIGGER category_tree_keeps_its_ancestors_on_update
    AFTER UPDATE ON categories
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION category_tree_keeps_its_ancestors();

CREATE TRIGGER category_tree_keeps_its_ancestors_on_delete
    AFTER DELETE ON categories
    REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION category_tree_keeps_its_ancestors();

-- Those that stand already.
WITH RECURSIVE above AS (
    SELECT c.id AS category_id, c.id AS ancestor_id, 0 AS distance, c.parent_id, c.is_active FROM categories c
    UNION ALL
    SELECT a.category_id, c.id, a.distance + 1, c.parent_id, c.is_active
    FROM above a
    JOIN categories c ON c.id = a.parent_id
)
INSERT INTO category_ancestors (ancestor_id, category_id, distance, is_shown)
SELECT a.ancestor_id, a.category_id, a.distance, bool_and(a.is_active) OVER (PARTITION BY a.category_id)
FROM above a;
