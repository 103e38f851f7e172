-- Forget what old price changes wrote down, some variants at a time, and the changes of which nothing was left before.
-- about: delete price_change_items
WITH items AS (
    DELETE FROM price_change_items
    WHERE (change_id, variant_id) IN (
        SELECT change_id, variant_id FROM price_change_items
        WHERE change_id < %(before)s
        ORDER BY change_id, variant_id
        LIMIT %(at_most)s
    )
    RETURNING change_id
), changes AS (
    DELETE FROM price_changes c
    WHERE c.id < %(before)s AND NOT EXISTS (SELECT FROM price_change_items i WHERE i.change_id = c.id)
)
SELECT count(*) FROM items
