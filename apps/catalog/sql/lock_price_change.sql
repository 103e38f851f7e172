-- Lock one price change: who undoes it and who still adds to it wait for each other.
-- about: select price_changes
SELECT undone_at FROM price_changes WHERE id = %(change_id)s FOR NO KEY UPDATE
