-- What the file cannot know is taken from the shop: since when a product is published, what else its metadata holds.
-- Of what was imported before, only the columns that this file has are replaced.
-- about: update staged_products
UPDATE staged_products s
SET published_at = CASE
        WHEN %(keeps_publication)s AND NOT s.is_new THEN p.published_at
        WHEN NOT s.is_published THEN NULL
        WHEN s.published_on IS NOT NULL THEN s.published_on
        WHEN s.is_active THEN coalesce(p.published_at, %(now)s)
        ELSE p.published_at
    END,
    is_digital = s.is_digital OR coalesce(p.is_digital, false),
    search_language = coalesce(%(language)s, p.search_language, %(usual_language)s),
    metadata = CASE
        WHEN imported.metadata = '{}' THEN coalesce(p.metadata, '{}') - 'import'
        ELSE coalesce(p.metadata, '{}') || jsonb_build_object('import', imported.metadata)
    END
FROM staged_products self
LEFT JOIN products p ON p.id = self.product_id AND NOT self.is_new
CROSS JOIN LATERAL (
    SELECT coalesce(p.metadata -> 'import', '{}') - %(headers)s::text[] || self.metadata AS metadata
) AS imported
WHERE self.row = s.row;

-- A variant's title is made of its options, and stays as staff wrote it while they are the same.
UPDATE staged_variants s
SET title = CASE
        WHEN (v.option1, v.option2, v.option3) IS NOT DISTINCT FROM (s.option1, s.option2, s.option3)
            THEN coalesce(v.title, s.title)
        ELSE s.title
    END,
    metadata = CASE
        WHEN imported.metadata = '{}' THEN coalesce(v.metadata, '{}') - 'import'
        ELSE coalesce(v.metadata, '{}') || jsonb_build_object('import', imported.metadata)
    END
FROM staged_variants self
LEFT JOIN product_variants v ON v.id = self.variant_id AND NOT self.is_new
CROSS JOIN LATERAL (
    SELECT coalesce(v.metadata -> 'import', '{}') - %(headers)s::text[] || self.metadata AS metadata
) AS imported
WHERE self.row = s.row;
