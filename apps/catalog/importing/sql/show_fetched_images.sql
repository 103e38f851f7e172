-- An image that was fetched stays ours, with the address of the file beside it: the same file changes nothing.
-- about: update staged_products
UPDATE staged_products s
SET images = (
    SELECT jsonb_agg(
        CASE WHEN f.id IS NULL THEN i.image
            ELSE i.image || jsonb_build_object('url', f.public_url, 'source', i.image ->> 'url') END
        ORDER BY i.place
    )
    FROM jsonb_array_elements(s.images) WITH ORDINALITY AS i (image, place)
    LEFT JOIN image_fetches f
        ON f.digest = encode(sha256(convert_to(i.image ->> 'url', 'UTF8')), 'hex') AND f.state = 'fetched'
)
WHERE s.images <> '[]';

UPDATE staged_variants s
SET image_url = coalesce(f.public_url, self.image_url),
    metadata = CASE WHEN f.id IS NULL THEN s.metadata - 'image_source'
        ELSE s.metadata || jsonb_build_object('image_source', self.image_url) END
FROM staged_variants self
LEFT JOIN image_fetches f
    ON f.digest = encode(sha256(convert_to(self.image_url, 'UTF8')), 'hex') AND f.state = 'fetched'
WHERE s.row = self.row AND (self.image_url IS NOT NULL OR s.metadata ? 'image_source')
