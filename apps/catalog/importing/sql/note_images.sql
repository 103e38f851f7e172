-- Note the images that a batch names by somebody else's address, each once, and which products name them.
-- about: insert image_fetches
WITH used AS (
    SELECT u.product_id, u.url, encode(sha256(convert_to(u.url, 'UTF8')), 'hex') AS digest
    FROM (
        SELECT s.product_id, image ->> 'url' AS url FROM staged_products s, jsonb_array_elements(s.images) AS image
        UNION
        SELECT v.product_id, v.image_url FROM staged_variants v
    ) AS u
    WHERE u.url ~* '^https?://'
),
noted AS (
    INSERT INTO image_fetches (url, digest, due_at)
    SELECT DISTINCT ON (digest) url, digest, now() FROM used ORDER BY digest
    ON CONFLICT ON CONSTRAINT image_is_fetched_once DO NOTHING
    RETURNING id, digest
)
INSERT INTO image_uses (fetch_id, product_id)
SELECT f.id, u.product_id
FROM used u
JOIN (SELECT id, digest FROM noted UNION SELECT id, digest FROM image_fetches WHERE digest IN (SELECT digest FROM used))
    AS f ON f.digest = u.digest
ON CONFLICT DO NOTHING
