-- Let the reviews that these customers wrote of these products say whether they bought them; return those that differed.
-- about: update product_reviews
WITH differing AS (
    SELECT r.id
    FROM product_reviews r
    WHERE r.user_id = ANY (%(users)s) AND r.product_id = ANY (%(products)s) AND r.is_verified_purchase <> EXISTS (
        SELECT FROM product_purchases b
        WHERE b.user_id = r.user_id AND b.product_id = r.product_id AND b.returned_at IS NULL
    )
    ORDER BY r.id
    FOR NO KEY UPDATE
)
UPDATE product_reviews r
SET is_verified_purchase = NOT r.is_verified_purchase
FROM differing, products p
WHERE r.id = differing.id AND p.id = r.product_id
RETURNING
    r.id, p.slug, r.is_verified_purchase AS is_verified, r.is_approved, r.rejection_reason IS NOT NULL AS is_rejected
