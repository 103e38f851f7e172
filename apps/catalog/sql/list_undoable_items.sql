-- The variants of a price change that were not tried to be put back yet, the next of them in id order.
-- about: select price_change_items
SELECT variant_id
FROM price_change_items
WHERE change_id = %(change_id)s AND variant_id > %(after)s AND is_restored IS NULL
ORDER BY variant_id
LIMIT %(at_most)s
