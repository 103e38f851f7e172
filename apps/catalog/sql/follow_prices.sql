-- A product shows the prices of its cheapest active variant, of several the first; where none is active, of any.
-- The products are locked already, so no variant's new price is missed: whoever changes one comes here after us.
-- about: update products
UPDATE products p
SET price = lead.price, compare_price = lead.compare_price
FROM (
    SELECT DISTINCT ON (v.product_id) v.product_id, v.price, v.compare_price
    FROM product_variants v
    WHERE v.product_id = ANY (%(products)s::uuid[])
    ORDER BY v.product_id, v.is_active DESC, v.price, v.position, v.id
) AS lead
WHERE p.id = lead.product_id
    AND (p.price, p.compare_price) IS DISTINCT FROM (lead.price, lead.compare_price)
