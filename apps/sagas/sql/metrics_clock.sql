-- What time it is where leases end and sagas come due.
-- about: select other
SELECT extract(epoch FROM clock_timestamp())
