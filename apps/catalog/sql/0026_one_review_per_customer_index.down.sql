DROP INDEX CONCURRENTLY IF EXISTS one_review_per_customer;
