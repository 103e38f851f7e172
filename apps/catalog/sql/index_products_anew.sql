-- Let the trigger read these products again: the next ones after an id.
-- about: update products
WITH batch AS (
    SELECT id FROM products WHERE id > %(after)s ORDER BY id LIMIT %(limit)s FOR NO KEY UPDATE
), indexed AS (
    UPDATE products p SET name = p.name FROM batch WHERE p.id = batch.id RETURNING p.id
)
SELECT id FROM indexed ORDER BY id DESC LIMIT 1
