-- Lock customers, in the order of their ids, until the end of the transaction.
-- about: select product_purchases
SELECT pg_advisory_xact_lock(hashtextextended('reviews of ' || u.id, 0))
FROM (SELECT DISTINCT id FROM unnest(%(users)s::uuid[]) AS g (id) ORDER BY id) AS u
