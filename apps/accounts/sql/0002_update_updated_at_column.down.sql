DROP TRIGGER update_addresses_updated_at ON addresses;
DROP TRIGGER update_roles_updated_at ON roles;
DROP TRIGGER update_users_updated_at ON users;
DROP FUNCTION update_updated_at_column();
