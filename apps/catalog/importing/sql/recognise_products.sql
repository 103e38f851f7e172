-- A product is recognised by its slug; the others of the batch keep the ids they came with.
-- about: update staged_products
UPDATE staged_products s
SET product_id = p.id, is_new = false
FROM products p
WHERE p.slug = s.slug;

UPDATE staged_variants v
SET product_id = s.product_id
FROM staged_products s
WHERE s.row = v.product_row;
