-- The sagas of a lane that have been due for longer than anybody may take to claim them, the oldest first.
-- about: select saga_transactions
SELECT id
FROM saga_transactions
WHERE lane = %(lane)s
  AND status IN ('active', 'compensating')
  AND hold IS NULL
  AND due_at < clock_timestamp() - %(seconds)s * interval '1 second'
ORDER BY due_at
LIMIT %(limit)s
