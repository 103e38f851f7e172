-- What orders has beside the founding design; the tables of the saga engine stand in sagas.sql.

ALTER TABLE orders
    ADD cart_id uuid CONSTRAINT one_order_a_cart UNIQUE,
    -- What proves a guest's order: the SHA-256 of a secret.
    ADD access_token_hash bytea,
    ADD failure_code varchar(100),
    ADD failure_reason text,
    ADD CONSTRAINT failed_order_says_why CHECK (NOT (status = 'failed') OR failure_code IS NOT NULL);
CREATE INDEX idx_orders_user_recent ON orders (user_id, created_at DESC, id DESC) WHERE user_id IS NOT NULL;

ALTER TABLE shopping_carts
    ADD shipping_address jsonb,
    ADD billing_address jsonb,
    ADD completed_at timestamptz,
    ADD order_id uuid UNIQUE,
    ADD CONSTRAINT completed_cart_names_its_order CHECK (
        (completed_at IS NULL AND order_id IS NULL) OR (completed_at IS NOT NULL AND order_id IS NOT NULL)
    );

CREATE INDEX idx_order_discounts_order_id ON order_discounts (order_id);

-- The answer to a request that came with an Idempotency-Key.
CREATE TABLE idempotency_records (
    scope varchar(200),
    key varchar(255),
    request_hash bytea NOT NULL,
    status smallint NOT NULL,
    headers jsonb NOT NULL,
    body bytea NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (scope, key)
);
CREATE INDEX idx_idempotency_expires_at ON idempotency_records (expires_at);
