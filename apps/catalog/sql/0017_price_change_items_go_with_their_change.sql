-- What a price change wrote down of each variant goes with it. The variants are not referred to: one may be deleted.
-- Locks both tables against writes for an instant (SHARE ROW EXCLUSIVE); they are new.
ALTER TABLE price_change_items
    ADD CONSTRAINT price_change_items_change_id_fkey
        FOREIGN KEY (change_id) REFERENCES price_changes (id) ON DELETE CASCADE;
