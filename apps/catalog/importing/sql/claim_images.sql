-- Take images that are due, for as long as the lease lasts; nobody else takes them meanwhile.
-- about: update image_fetches
UPDATE image_fetches f
SET due_at = now() + make_interval(secs => %(lease)s), tries = f.tries + 1
WHERE f.id IN (
    SELECT id FROM image_fetches WHERE state = 'waiting' AND due_at <= now()
    ORDER BY due_at, id LIMIT 1
    FOR UPDATE SKIP LOCKED
)
RETURNING f.id, f.url, f.tries
