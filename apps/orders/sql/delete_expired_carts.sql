-- Delete some of the carts that expired, with their lines; one that is locked waits for the next time.
-- about: delete shopping_carts
DELETE FROM shopping_carts
WHERE id IN (
    SELECT id
    FROM shopping_carts
    WHERE expires_at <= now()
    ORDER BY expires_at
    LIMIT %(at_most)s
    FOR UPDATE SKIP LOCKED
)
