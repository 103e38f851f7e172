-- How long ago the oldest open dead letter of each step was opened.
-- about: select saga_dead_letters
SELECT step, direction, extract(epoch FROM clock_timestamp() - min(first_at))
FROM saga_dead_letters
WHERE state = 'open'
GROUP BY step, direction
