-- Write an order with its lines and its first event, and close its cart, in one statement; return the order.
-- The cart is locked by the caller. A cart becomes one order only: constraint one_order_a_cart.
-- about: insert orders
WITH placed AS (
    INSERT INTO orders (
        id, cart_id, user_id, access_token_hash, email, status, currency, subtotal_price, total_tax, total_discounts,
        shipping_price, total_price, shipping_address, billing_address, shipping_method, notes
    )
    VALUES (
        %(order_id)s, %(cart_id)s, %(user_id)s, %(access_token_hash)s, %(email)s, 'processing', %(currency)s,
        %(subtotal_price)s, %(total_tax)s, %(total_discounts)s, %(shipping_price)s, %(total_price)s,
        %(shipping_address)s::jsonb, %(billing_address)s::jsonb, %(shipping_method)s, %(notes)s
    )
    RETURNING *
),
lines AS (
    INSERT INTO order_line_items (
        id, order_id, product_id, variant_id, quantity, price, original_price, title, variant_title, sku, vendor,
        product_type, weight
    )
    SELECT
        line.id, placed.id, line.product_id, line.variant_id, line.quantity, line.price, line.original_price,
        line.title, line.variant_title, line.sku, line.vendor, line.product_type, line.weight
    FROM placed
    CROSS JOIN jsonb_to_recordset(%(lines)s::jsonb) AS line (
        id uuid, product_id uuid, variant_id uuid, quantity int, price numeric, original_price numeric, title text,
        variant_title text, sku text, vendor text, product_type text, weight numeric
    )
),
told AS (
    INSERT INTO order_events (id, order_id, event_type, description, created_by)
    SELECT %(event_id)s, placed.id, 'created', 'The order was placed.', placed.user_id
    FROM placed
),
closed AS (
    UPDATE shopping_carts AS cart
    SET completed_at = now(), order_id = placed.id
    FROM placed
    WHERE cart.id = placed.cart_id
)
SELECT * FROM placed
