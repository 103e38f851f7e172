-- The index of one_review_per_customer, built while reviews are read and written.
CREATE UNIQUE INDEX CONCURRENTLY one_review_per_customer ON product_reviews (product_id, user_id);
