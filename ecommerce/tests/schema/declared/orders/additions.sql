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

-- Returns: what two returns of one line meet at is the line's own counter.
ALTER TABLE order_line_items
    ADD returned_quantity integer NOT NULL DEFAULT 0,
    ADD CONSTRAINT no_more_is_returned_than_was_bought
        CHECK (returned_quantity >= 0 AND returned_quantity <= quantity);

CREATE SEQUENCE return_numbers START WITH 100001;
CREATE TABLE order_returns (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    order_id uuid NOT NULL CONSTRAINT order_returns_order_id_fkey REFERENCES orders (id) ON DELETE CASCADE,
    return_number varchar(100) NOT NULL CONSTRAINT order_returns_return_number_key UNIQUE,
    status varchar(20) NOT NULL DEFAULT 'requested',
    reason varchar(50) NOT NULL,
    note text,
    answer text,
    refunds_shipping boolean NOT NULL DEFAULT false,
    currency varchar(3) NOT NULL,
    goods_amount numeric(10, 2),
    shipping_amount numeric(10, 2),
    refund_amount numeric(10, 2),
    -- One act of receiving the goods: the subject of its saga, and what its refund is known by.
    receipt_id uuid CONSTRAINT one_return_a_receipt UNIQUE,
    requested_by uuid,
    decided_by uuid,
    received_by uuid,
    decided_at timestamptz,
    received_at timestamptz,
    closed_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT return_status_is_known CHECK (
        status IN ('requested', 'approved', 'receiving', 'received', 'closed', 'refused', 'cancelled')
    ),
    CONSTRAINT return_reason_is_known
        CHECK (reason IN ('damaged', 'wrong_item', 'not_as_described', 'no_longer_wanted', 'other')),
    CONSTRAINT return_currency_is_iso_4217 CHECK (currency ~ '^[A-Z]{3}$'),
    CONSTRAINT refusal_says_why CHECK (NOT (status = 'refused') OR answer IS NOT NULL),
    CONSTRAINT received_return_knows_its_refund CHECK (
        NOT (status IN ('receiving', 'received', 'closed')) OR (receipt_id IS NOT NULL AND refund_amount IS NOT NULL)
    ),
    CONSTRAINT return_refunds_the_sum_of_its_parts CHECK (
        (goods_amount IS NULL AND refund_amount IS NULL AND shipping_amount IS NULL)
        OR (
            goods_amount >= 0 AND goods_amount IS NOT NULL
            AND refund_amount = goods_amount + shipping_amount AND refund_amount IS NOT NULL
            AND shipping_amount >= 0 AND shipping_amount IS NOT NULL
        )
    ),
    CONSTRAINT received_return_has_its_time
        CHECK (NOT (status IN ('received', 'closed')) OR received_at IS NOT NULL),
    CONSTRAINT closed_return_has_its_time CHECK (
        (closed_at IS NOT NULL AND status = 'closed') OR (NOT (status = 'closed') AND closed_at IS NULL)
    )
);
CREATE INDEX idx_order_returns_order ON order_returns (order_id, created_at DESC, id DESC);
CREATE INDEX idx_order_returns_status ON order_returns (status, created_at);
CREATE FUNCTION set_return_number() RETURNS trigger LANGUAGE plpgsql
    AS 'rule orders/0005_return_numbers_come_from_a_sequence';
CREATE TRIGGER set_return_number_trigger BEFORE INSERT ON order_returns
    FOR EACH ROW EXECUTE FUNCTION set_return_number();
CREATE TRIGGER update_order_returns_updated_at BEFORE UPDATE ON order_returns
    FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();

CREATE TABLE order_return_lines (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    return_id uuid NOT NULL CONSTRAINT order_return_lines_return_id_fkey
        REFERENCES order_returns (id) ON DELETE CASCADE,
    line_id uuid NOT NULL CONSTRAINT order_return_lines_line_id_fkey
        REFERENCES order_line_items (id) ON DELETE CASCADE,
    quantity integer NOT NULL,
    received_quantity integer,
    restocks boolean NOT NULL DEFAULT true,
    refund_amount numeric(10, 2),
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT line_stands_once_in_a_return UNIQUE (return_id, line_id),
    CONSTRAINT return_line_quantity_is_positive CHECK (quantity > 0),
    CONSTRAINT return_line_receives_what_was_asked CHECK (
        received_quantity IS NULL OR (received_quantity >= 0 AND received_quantity <= quantity)
    ),
    CONSTRAINT return_line_refund_is_not_negative CHECK (refund_amount IS NULL OR refund_amount >= 0)
);
CREATE INDEX idx_order_return_lines_line ON order_return_lines (line_id);

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
