-- No category stands below itself.
-- Whoever moves a category first takes the advisory lock of this rule until the end of the transaction: of two moves
-- that would close a circle together, the second sees the first.
CREATE FUNCTION category_tree_has_no_cycle() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    moved uuid[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT array_agg(n.id) INTO moved FROM new_rows n WHERE n.parent_id IS NOT NULL;
    ELSE
        SELECT array_agg(n.id) INTO moved
        FROM new_rows n
        JOIN old_rows o USING (id)
        WHERE n.parent_id IS DISTINCT FROM o.parent_id AND n.parent_id IS NOT NULL;
    END IF;
    IF moved IS NULL THEN
        RETURN NULL;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('category_tree_has_no_cycle'));
    -- UNION drops what was seen before, so the walk ends even where a circle is.
    IF EXISTS (
        WITH RECURSIVE above AS (
            SELECT c.id AS start, c.parent_id AS id FROM categories c WHERE c.id = ANY (moved)
            UNION
            SELECT a.start, c.parent_id FROM above a JOIN categories c ON c.id = a.id WHERE c.parent_id IS NOT NULL
        )
        SELECT FROM above WHERE start = id
    ) THEN
        RAISE EXCEPTION 'a category cannot stand below itself'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'category_tree_has_no_cycle', TABLE = 'categories';
    END IF;
    RETURN NULL;
END;
$$;

CREATE TRIGGER category_tree_has_no_cycle_on_insert
    AFTER INSERT ON categories
    REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION category_tree_has_no_cycle();

CREATE TRIGGER category_tree_has_no_cycle_on_update
    AFTER UPDATE ON categories
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION category_tree_has_no_cycle();
