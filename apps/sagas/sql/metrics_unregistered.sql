-- Living sagas of versions that this code does not have.
-- about: select saga_transactions
SELECT definition, version, count(*)
FROM saga_transactions
WHERE status IN ('active', 'compensating')
  AND (definition, version) NOT IN (SELECT * FROM unnest(%s::text[], %s::smallint[]))
GROUP BY definition, version
