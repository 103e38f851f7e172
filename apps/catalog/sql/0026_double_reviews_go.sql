-- Of several reviews of one product by one customer the newest stays, an approved one before one that is not.
DELETE FROM product_reviews r
USING (
    SELECT id, row_number() OVER (
        PARTITION BY product_id, user_id ORDER BY is_approved DESC, created_at DESC, id DESC
    ) AS place
    FROM product_reviews
) AS ranked
WHERE ranked.id = r.id AND ranked.place > 1;
