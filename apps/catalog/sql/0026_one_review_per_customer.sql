-- A customer reviews a product once. Takes an ACCESS EXCLUSIVE lock for an instant: the index is there.
ALTER TABLE product_reviews ADD CONSTRAINT one_review_per_customer UNIQUE USING INDEX one_review_per_customer;
