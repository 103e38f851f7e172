-- Every settle updates its row in place and leaves a dead one: keep room on the page, and clean up early.
-- Takes ACCESS EXCLUSIVE (fillfactor) for an instant.
ALTER TABLE saga_transactions SET (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 500);
