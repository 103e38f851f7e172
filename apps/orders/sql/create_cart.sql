-- Make an empty cart, and return it with what the database filled in.
-- about: insert shopping_carts
INSERT INTO shopping_carts (id, user_id, session_id, email, currency)
VALUES (%(id)s, %(user_id)s, %(session_id)s, %(email)s, %(currency)s)
RETURNING *
