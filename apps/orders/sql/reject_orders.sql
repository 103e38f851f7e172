-- Close those of the orders that are being processed as failed, each with its reason, and note it in their history;
-- return what was closed.
-- about: update orders
WITH rejected AS (
    UPDATE orders AS o
    SET status = 'failed', financial_status = 'voided', failure_code = cause.code, failure_reason = cause.reason
    FROM unnest(%(ids)s::uuid[], %(codes)s::text[], %(reasons)s::text[]) AS cause (id, code, reason)
    WHERE o.id = cause.id AND o.status = 'processing'
    RETURNING o.id, o.order_number, o.failure_code, o.failure_reason
),
told AS (
    INSERT INTO order_events (order_id, event_type, description, data)
    SELECT id, 'failed', failure_reason, jsonb_build_object('code', failure_code)
    FROM rejected
)
SELECT id, order_number FROM rejected
