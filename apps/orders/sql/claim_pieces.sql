-- Count pieces of some lines as coming back, or with a minus let them go. The order is locked, and the rule
-- no_more_is_returned_than_was_bought is the table's.
-- about: update order_line_items
UPDATE order_line_items line
SET returned_quantity = line.returned_quantity + claim.pieces
FROM unnest(%(lines)s::uuid[], %(pieces)s::integer[]) AS claim (line_id, pieces)
WHERE line.id = claim.line_id
