-- What the founding tables of accounts do otherwise here. Each paragraph names its reason in docs/decisions.md.

-- Decided: Flags and times that have a default are NOT NULL
ALTER TABLE users
    ALTER is_email_verified SET NOT NULL,
    ALTER is_active SET NOT NULL,
    ALTER is_two_factor_enabled SET NOT NULL,
    ALTER created_at SET NOT NULL,
    ALTER updated_at SET NOT NULL;
ALTER TABLE roles ALTER is_active SET NOT NULL, ALTER created_at SET NOT NULL, ALTER updated_at SET NOT NULL;
ALTER TABLE permissions ALTER created_at SET NOT NULL;
ALTER TABLE user_roles ALTER created_at SET NOT NULL;
ALTER TABLE role_permissions ALTER created_at SET NOT NULL;
ALTER TABLE sessions
    ALTER user_id SET NOT NULL,
    ALTER is_active SET NOT NULL,
    ALTER created_at SET NOT NULL,
    ALTER last_activity_at SET NOT NULL;
ALTER TABLE password_reset_tokens ALTER user_id SET NOT NULL, ALTER created_at SET NOT NULL;

-- Decided: E-mail addresses are unique whatever their case
CREATE UNIQUE INDEX users_email_lower_key ON users (lower(email));

-- Two rows for one right could be granted apart.
-- Decided: One permission system
ALTER TABLE permissions ADD UNIQUE (resource, action);
