-- Every claim and settle leaves a dead row behind: keep room for the new one on its page, and clean up early.
-- Takes SHARE UPDATE EXCLUSIVE for an instant.
ALTER TABLE saga_transactions SET (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 500);
