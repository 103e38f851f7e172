-- One cart of a buyer, a row a line, oldest line first; one row with an empty line for an empty cart.
-- about: select shopping_carts
SELECT
    cart.*,
    line.id AS line_id,
    line.product_id AS line_product_id,
    line.variant_id AS line_variant_id,
    line.quantity AS line_quantity,
    line.price AS line_price,
    line.title AS line_title,
    line.variant_title AS line_variant_title,
    line.sku AS line_sku,
    line.image_url AS line_image_url,
    line.created_at AS line_created_at,
    line.updated_at AS line_updated_at
FROM shopping_carts AS cart
LEFT JOIN cart_line_items AS line ON line.cart_id = cart.id
WHERE cart.id = %(cart_id)s
  AND (cart.user_id = %(user_id)s OR cart.session_id = %(session_id)s)
ORDER BY line.created_at, line.id
