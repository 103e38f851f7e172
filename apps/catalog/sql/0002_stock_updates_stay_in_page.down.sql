ALTER TABLE product_variants RESET (fillfactor, autovacuum_vacuum_scale_factor);
ALTER TABLE products RESET (fillfactor, autovacuum_vacuum_scale_factor);
