-- The located variants, of these, whose levels do not yet say what can be sold of them, and by how many pieces.
-- about: select product_variants
SELECT v.id AS variant_id, (v.inventory_quantity - coalesce(sum(l.available), 0))::integer AS quantity
FROM product_variants v
LEFT JOIN stock_levels l ON l.variant_id = v.id
WHERE v.is_located AND v.id = ANY (%(variants)s)
GROUP BY v.id
HAVING v.inventory_quantity <> coalesce(sum(l.available), 0)
ORDER BY v.id
