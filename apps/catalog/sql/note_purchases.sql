-- Note what customers bought, each once; what came back stays so.
-- about: insert product_purchases
INSERT INTO product_purchases (user_id, product_id, order_id, at, returned_at)
SELECT g.user_id, g.product_id, g.order_id, g.at, CASE WHEN g.is_returned THEN now() END
FROM unnest(
    %(users)s::uuid[], %(products)s::uuid[], %(orders)s::uuid[], %(times)s::timestamptz[], %(returned)s::boolean[]
) AS g (user_id, product_id, order_id, at, is_returned)
JOIN products p ON p.id = g.product_id
ORDER BY g.user_id, g.product_id, g.order_id
ON CONFLICT ON CONSTRAINT purchase_is_noted_once DO UPDATE
SET returned_at = EXCLUDED.returned_at
WHERE product_purchases.returned_at IS NULL AND EXCLUDED.returned_at IS NOT NULL
