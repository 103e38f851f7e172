ALTER TABLE addresses DROP CONSTRAINT addresses_user_id_fkey;
ALTER TABLE password_reset_tokens DROP CONSTRAINT password_reset_tokens_user_id_fkey;
ALTER TABLE sessions DROP CONSTRAINT sessions_user_id_fkey;
ALTER TABLE role_permissions
    DROP CONSTRAINT role_permissions_permission_id_fkey,
    DROP CONSTRAINT role_permissions_role_id_fkey;
ALTER TABLE user_roles
    DROP CONSTRAINT user_roles_role_id_fkey,
    DROP CONSTRAINT user_roles_user_id_fkey;
