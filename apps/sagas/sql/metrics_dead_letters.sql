-- Steps that spent their tries and have neither succeeded nor been waived since.
-- about: select saga_dead_letters
SELECT step, direction, count(*)
FROM saga_dead_letters
WHERE state = 'open'
GROUP BY step, direction
