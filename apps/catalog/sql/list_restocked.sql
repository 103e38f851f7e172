-- What returns of orders brought back into what can be sold, by the ledger of movements.
-- about: select inventory_movements
SELECT reference_id AS order_id, product_variant_id AS variant_id, sum(quantity)::integer AS quantity
FROM inventory_movements
WHERE reference_id = ANY (%(ids)s) AND movement_type = 'return'
GROUP BY reference_id, product_variant_id
ORDER BY reference_id, product_variant_id
