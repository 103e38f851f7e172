-- Keep the open places open until the end of the transaction, and read them in the order in which orders take from them.
-- about: select stock_locations
WITH places AS MATERIALIZED (
    SELECT id, code, priority FROM stock_locations WHERE is_active ORDER BY id FOR SHARE
)
SELECT id, code FROM places ORDER BY priority, id
