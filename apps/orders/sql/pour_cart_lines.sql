-- Copy the lines of one cart into another: a new line, or more pieces on the line of the same variant, which keeps its
-- price. Both carts are locked by the caller.
-- about: insert cart_line_items
INSERT INTO cart_line_items AS line
    (cart_id, product_id, variant_id, quantity, price, title, variant_title, sku, image_url, created_at)
SELECT
    %(target_id)s, product_id, variant_id, quantity, price, title, variant_title, sku, image_url, created_at
FROM cart_line_items
WHERE cart_id = %(guest_id)s
ON CONFLICT (cart_id, variant_id) DO UPDATE
    SET quantity = LEAST(line.quantity + excluded.quantity, %(most_pieces)s)
