-- Lock the sagas of a batch that are still this lease's, so that local steps run in their settle.
-- about: select saga_transactions
SELECT id
FROM saga_transactions
WHERE id = ANY (%s) AND lease = %s
ORDER BY id
FOR NO KEY UPDATE
