-- Put pieces of a variant into an open cart, as a new line or onto its line, and return the cart with all its lines.
-- No row comes back when the cart is not the buyer's, is ordered already, has another currency, or when there would be
-- more pieces than can be had, or more lines than a cart holds.
-- The cart's row is locked first, as in a checkout. The total moves by what was added, so it stays right while two
-- requests change one cart at once; pieces added to a line take that line's price.
-- about: insert cart_line_items
WITH cart AS (
    SELECT id
    FROM shopping_carts
    WHERE id = %(cart_id)s
      AND (user_id = %(user_id)s OR session_id = %(session_id)s)
      AND completed_at IS NULL
      AND currency = %(currency)s
    FOR UPDATE
),
put AS (
    INSERT INTO cart_line_items AS line
        (id, cart_id, product_id, variant_id, quantity, price, title, variant_title, sku, image_url)
    SELECT
        %(line_id)s, cart.id, %(product_id)s, %(variant_id)s, %(quantity)s, %(price)s, %(title)s, %(variant_title)s,
        %(sku)s, %(image_url)s
    FROM cart
    WHERE %(quantity)s <= %(available)s
      AND %(most_lines)s > (
          SELECT count(*) FROM cart_line_items AS other
          WHERE other.cart_id = cart.id AND other.variant_id <> %(variant_id)s
      )
    ON CONFLICT (cart_id, variant_id) DO UPDATE
        SET quantity = line.quantity + excluded.quantity
        WHERE line.quantity + excluded.quantity <= %(available)s
    RETURNING *
),
counted AS (
    UPDATE shopping_carts AS cart
    SET subtotal_price = cart.subtotal_price + put.price * %(quantity)s,
        total_price = cart.total_price + put.price * %(quantity)s
    FROM put
    WHERE cart.id = put.cart_id
    RETURNING cart.*
),
lines AS (
    SELECT * FROM put
    UNION ALL
    SELECT line.*
    FROM cart_line_items AS line
    JOIN put ON line.cart_id = put.cart_id AND line.id <> put.id
)
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
FROM counted AS cart
CROSS JOIN lines AS line
ORDER BY line.created_at, line.id
