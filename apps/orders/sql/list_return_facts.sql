-- What returns say of themselves, for the audit, by the act of receiving.
-- about: select order_returns
SELECT receipt_id, id AS return_id, status, currency, refund_amount AS refund
FROM order_returns
WHERE receipt_id = ANY (%(ids)s)
