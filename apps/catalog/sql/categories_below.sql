-- The ids of an active category, named by id or slug, and of all active ones below it.
-- UNION drops what was seen before, so a circle, were there one, would end the walk.
-- about: select categories
WITH RECURSIVE below AS (
    SELECT c.id FROM categories c WHERE (c.slug = %s OR c.id = %s::uuid) AND c.is_active
    UNION
    SELECT c.id FROM categories c JOIN below b ON c.parent_id = b.id WHERE c.is_active
)
SELECT id FROM below
