-- A product's rating_average and rating_count tell of its approved reviews.
-- The products are locked in id order before they are written; those whose rating stays the same are not written.
CREATE FUNCTION product_rating_follows_reviews() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    touched uuid[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT array_agg(DISTINCT n.product_id) INTO touched FROM new_rows n WHERE n.is_approved;
    ELSIF TG_OP = 'DELETE' THEN
        SELECT array_agg(DISTINCT o.product_id) INTO touched FROM old_rows o WHERE o.is_approved;
    ELSE
        SELECT array_agg(DISTINCT p.product_id) INTO touched
        FROM new_rows n
        JOIN old_rows o USING (id)
        CROSS JOIN LATERAL (VALUES (n.product_id), (o.product_id)) AS p (product_id)
        WHERE (n.product_id, n.is_approved, n.rating) IS DISTINCT FROM (o.product_id, o.is_approved, o.rating);
    END IF;
    IF touched IS NULL THEN
        RETURN NULL;
    END IF;
    PERFORM FROM products p WHERE p.id = ANY (touched) ORDER BY p.id FOR NO KEY UPDATE;
    UPDATE products p
    SET rating_average = r.rating_average, rating_count = r.rating_count
    FROM (
        SELECT
            u.product_id,
            coalesce(round(avg(v.rating), 2), 0) AS rating_average,
            count(v.id)::integer AS rating_count
        FROM unnest(touched) AS u (product_id)
        LEFT JOIN product_reviews v ON v.product_id = u.product_id AND v.is_approved
        GROUP BY u.product_id
    ) AS r
    WHERE p.id = r.product_id
        AND (p.rating_average, p.rating_count) IS DISTINCT FROM (r.rating_average, r.rating_count);
    RETURN NULL;
END;
$$;

CREATE TRIGGER product_rating_follows_reviews_on_insert
    AFTER INSERT ON product_reviews
    REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION product_rating_follows_reviews();

CREATE TRIGGER product_rating_follows_reviews_on_update
    AFTER UPDATE ON product_reviews
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION product_rating_follows_reviews();

CREATE TRIGGER product_rating_follows_reviews_on_delete
    AFTER DELETE ON product_reviews
    REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION product_rating_follows_reviews();
