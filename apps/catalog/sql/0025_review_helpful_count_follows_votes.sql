-- A review's helpful_count is the number of its votes, and a vote goes with its review.
-- The reviews are locked in id order before their votes are counted, so that no vote under way is missed; no lock on
-- the product.
ALTER TABLE review_votes
    ADD CONSTRAINT review_votes_review_id_fkey
        FOREIGN KEY (review_id) REFERENCES product_reviews (id) ON DELETE CASCADE;

CREATE FUNCTION review_helpful_count_follows_votes() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    touched uuid[];
BEGIN
    SELECT array_agg(DISTINCT c.review_id) INTO touched FROM changed_rows c;
    IF touched IS NULL THEN
        RETURN NULL;
    END IF;
    PERFORM FROM product_reviews r WHERE r.id = ANY (touched) ORDER BY r.id FOR NO KEY UPDATE;
    UPDATE product_reviews r
    SET helpful_count = (SELECT count(*) FROM review_votes v WHERE v.review_id = r.id)
    WHERE r.id = ANY (touched);
    RETURN NULL;
END;
$$;

CREATE TRIGGER review_helpful_count_follows_votes_on_insert
    AFTER INSERT ON review_votes
    REFERENCING NEW TABLE AS changed_rows
    FOR EACH STATEMENT EXECUTE FUNCTION review_helpful_count_follows_votes();

CREATE TRIGGER review_helpful_count_follows_votes_on_delete
    AFTER DELETE ON review_votes
    REFERENCING OLD TABLE AS changed_rows
    FOR EACH STATEMENT EXECUTE FUNCTION review_helpful_count_follows_votes();
