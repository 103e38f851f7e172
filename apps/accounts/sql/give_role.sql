-- Give a user the role of this name; nothing happens where they have it, or where the shop deleted the role.
-- about: insert user_roles
INSERT INTO user_roles (user_id, role_id)
SELECT %(user_id)s, id FROM roles WHERE name = %(role)s
ON CONFLICT DO NOTHING
