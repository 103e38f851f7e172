-- What accounts has beside the founding design.

ALTER TABLE users ADD is_superuser boolean NOT NULL DEFAULT false;

ALTER TABLE sessions
    ADD ended_at timestamptz,
    ADD end_reason varchar(20),
    ADD CONSTRAINT active_session_has_no_end
        CHECK (NOT is_active OR (end_reason IS NULL AND ended_at IS NULL));
CREATE INDEX idx_sessions_ended_at ON sessions (ended_at) WHERE ended_at IS NOT NULL;

-- What a DELETE in the table referred to looks for.
CREATE INDEX idx_user_roles_role_id ON user_roles (role_id);
CREATE INDEX idx_role_permissions_perm_id ON role_permissions (permission_id);
CREATE INDEX idx_password_reset_user_id ON password_reset_tokens (user_id);

CREATE TABLE addresses (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    label varchar(50) NOT NULL DEFAULT '',
    name varchar(200) NOT NULL,
    company varchar(200) NOT NULL DEFAULT '',
    line1 varchar(255) NOT NULL,
    line2 varchar(255) NOT NULL DEFAULT '',
    district varchar(100) NOT NULL DEFAULT '',
    city varchar(100) NOT NULL DEFAULT '',
    region varchar(100) NOT NULL DEFAULT '',
    postal_code varchar(20) NOT NULL DEFAULT '',
    country varchar(2) NOT NULL,
    phone varchar(20) NOT NULL DEFAULT '',
    is_default_shipping boolean NOT NULL DEFAULT false,
    is_default_billing boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT address_country_is_iso_3166 CHECK (country ~ '^[A-Z]{2}$')
);
CREATE INDEX idx_addresses_user_id ON addresses (user_id);
CREATE UNIQUE INDEX one_default_shipping_address_a_user ON addresses (user_id) WHERE is_default_shipping;
CREATE UNIQUE INDEX one_default_billing_address_a_user ON addresses (user_id) WHERE is_default_billing;

CREATE TRIGGER update_addresses_updated_at BEFORE UPDATE ON addresses
    FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();
