-- Confirm those of the orders that are being processed, and note it in their history; return what was confirmed.
-- about: update orders
WITH confirmed AS (
    UPDATE orders
    SET status = 'confirmed', financial_status = 'paid', processed_at = now()
    WHERE id = ANY (%(ids)s) AND status = 'processing'
    RETURNING id, order_number
),
told AS (
    INSERT INTO order_events (order_id, event_type, description)
    SELECT id, 'confirmed', 'The order is paid and its stock is held.'
    FROM confirmed
)
SELECT id, order_number FROM confirmed
