-- Requests of people that no worker has answered.
-- about: select saga_requests
SELECT count(*)
FROM saga_requests
WHERE consumed_at IS NULL
