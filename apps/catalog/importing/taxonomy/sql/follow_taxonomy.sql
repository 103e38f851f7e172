-- Categories of a taxonomy take what it calls them now, and stand where it puts them.
-- about: update categories
UPDATE categories c
SET name = told.name,
    parent_id = told.parent_id,
    taxonomy = %(taxonomy)s,
    taxonomy_id = told.taxonomy_id,
    taxonomy_name = told.taxonomy_name,
    taxonomy_parent_id = told.taxonomy_parent_id
FROM unnest(
    %(ids)s::uuid[], %(names)s::text[], %(parent_ids)s::uuid[],
    %(taxonomy_ids)s::text[], %(taxonomy_names)s::text[], %(taxonomy_parent_ids)s::text[]
) AS told (id, name, parent_id, taxonomy_id, taxonomy_name, taxonomy_parent_id)
WHERE c.id = told.id
