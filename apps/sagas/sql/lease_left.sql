-- For how long a worker may still hold a saga.
-- about: select saga_transactions
SELECT CASE WHEN lease IS NULL THEN 0 ELSE greatest(0, extract(epoch FROM due_at - clock_timestamp())) END
FROM saga_transactions
WHERE id = %s
