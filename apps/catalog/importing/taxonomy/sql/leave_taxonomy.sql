-- What the taxonomy has no more and cannot go becomes the shop's own.
-- about: update categories
UPDATE categories
SET taxonomy = NULL, taxonomy_id = NULL, taxonomy_name = NULL, taxonomy_parent_id = NULL
WHERE id = ANY (%(categories)s)
