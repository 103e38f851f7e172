-- What was deleted is gone; the table is as it was.
SELECT 1;
