-- Sagas that no worker claims until a person acts.
-- about: select saga_transactions
SELECT hold, count(*)
FROM saga_transactions
WHERE hold IS NOT NULL
GROUP BY hold
