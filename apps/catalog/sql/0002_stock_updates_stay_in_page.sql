-- A change of stock finds room in its own page: it stays a heap-only update and touches no index.
-- Takes SHARE UPDATE EXCLUSIVE on both tables; rows move into the new layout as they are written.
ALTER TABLE products SET (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05);
ALTER TABLE product_variants SET (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05);
