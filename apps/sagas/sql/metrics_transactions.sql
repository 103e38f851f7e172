-- Sagas by definition and status; of the finished ones a day's worth, so that the count stays cheap as they pile up.
-- about: select saga_transactions
SELECT definition, status, count(*)
FROM saga_transactions
WHERE status IN ('active', 'compensating')
   OR (status IN ('completed', 'failed') AND created_at > now() - interval '1 day')
GROUP BY definition, status
