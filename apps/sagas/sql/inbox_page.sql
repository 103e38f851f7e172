-- The next sagas that this database did something for, in the order of their births; the primary key begins with them.
-- about: select saga_inbox
SELECT DISTINCT saga_id
FROM saga_inbox
WHERE saga_id > %(after)s AND saga_id < %(before)s
ORDER BY saga_id
LIMIT %(limit)s
