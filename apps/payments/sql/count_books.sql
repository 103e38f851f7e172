-- How much there is to check.
-- about: select payments
SELECT
    (SELECT count(*) FROM payments) AS payments,
    (SELECT count(*) FROM payment_ledger) AS lines,
    (SELECT count(*) FROM payment_attempts WHERE state = 'calling') AS open_attempts
