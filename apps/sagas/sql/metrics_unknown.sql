-- Sagas whose current step may or may not have had its effect: the outside world is asked before anything else.
-- about: select saga_transactions
SELECT lane, count(*)
FROM saga_transactions
WHERE status IN ('active', 'compensating')
  AND states ->> step::integer = 'unknown'
GROUP BY lane
