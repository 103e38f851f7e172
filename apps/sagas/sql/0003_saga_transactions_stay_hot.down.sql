ALTER TABLE saga_transactions RESET (fillfactor, autovacuum_vacuum_scale_factor, autovacuum_vacuum_threshold);
