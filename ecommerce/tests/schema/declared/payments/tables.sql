-- The founding design names this database and does not draw it. Amounts have four places: ISO 4217 knows currencies
-- with three, and a gateway's fees may have more.

CREATE TABLE payment_methods (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL,
    gateway varchar(30) NOT NULL,
    token varchar(255) NOT NULL,
    brand varchar(30) NOT NULL,
    last4 varchar(4) NOT NULL,
    exp_month smallint NOT NULL,
    exp_year smallint NOT NULL,
    is_default boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT one_owner_a_payment_method UNIQUE (gateway, token),
    CONSTRAINT payment_method_last4_is_four_digits CHECK (last4 ~ '^[0-9]{4}$'),
    CONSTRAINT payment_method_expires_in_a_month
        CHECK ((exp_month >= 1 AND exp_month <= 12) AND (exp_year >= 2000 AND exp_year <= 2100))
);
CREATE INDEX idx_payment_methods_user_id ON payment_methods (user_id);
CREATE UNIQUE INDEX one_default_payment_method_a_user ON payment_methods (user_id) WHERE is_default;

CREATE TABLE payments (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    order_id uuid NOT NULL CONSTRAINT one_payment_an_order UNIQUE,
    user_id uuid,
    amount numeric(19, 4) NOT NULL,
    captured_amount numeric(19, 4) NOT NULL DEFAULT 0,
    refunded_amount numeric(19, 4) NOT NULL DEFAULT 0,
    currency varchar(3) NOT NULL,
    status varchar(20) NOT NULL DEFAULT 'pending',
    gateway varchar(30) NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT payment_amount_is_positive CHECK (amount > 0),
    CONSTRAINT payment_currency_is_iso_4217 CHECK (currency ~ '^[A-Z]{3}$'),
    CONSTRAINT payment_captures_at_most_its_amount CHECK (captured_amount >= 0 AND captured_amount <= amount),
    CONSTRAINT payment_refunds_at_most_what_it_captured
        CHECK (refunded_amount >= 0 AND refunded_amount <= captured_amount),
    CONSTRAINT payment_status_agrees_with_its_amounts CHECK (
        (captured_amount = 0 AND status IN ('pending', 'declined', 'cancelled'))
        OR (captured_amount > 0 AND refunded_amount = 0 AND status = 'succeeded')
        OR (refunded_amount > 0 AND refunded_amount < captured_amount AND status = 'partially_refunded')
        OR (refunded_amount = captured_amount AND refunded_amount > 0 AND status = 'refunded')
    )
);
CREATE INDEX idx_payments_user_id ON payments (user_id);
CREATE INDEX idx_payments_status ON payments (status, created_at);
CREATE INDEX idx_payments_pending ON payments (created_at) WHERE status = 'pending';

-- The intent before the call (docs/payments.md): the id is the key that the gateway knows the effect by.
CREATE TABLE payment_attempts (
    id uuid PRIMARY KEY,
    payment_id uuid CONSTRAINT payment_attempts_payment_id_73c134db_fk_payments_id
        REFERENCES payments (id) DEFERRABLE INITIALLY DEFERRED,
    order_id uuid NOT NULL,
    epoch integer NOT NULL DEFAULT 0,
    amount numeric(19, 4),
    currency varchar(3),
    gateway varchar(30) NOT NULL,
    payment_method varchar(255),
    state varchar(20) NOT NULL,
    tries integer NOT NULL DEFAULT 1,
    renewal integer NOT NULL DEFAULT 0,
    gateway_reference varchar(255),
    decline_reason varchar(100),
    last_error text,
    first_called_at timestamptz,
    undo_asked_at timestamptz,
    fenced_at timestamptz,
    waived_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT payment_attempt_state_is_known
        CHECK (state IN ('calling', 'succeeded', 'declined', 'cancelled', 'refunded')),
    CONSTRAINT payment_attempt_amount_is_positive CHECK (amount > 0),
    CONSTRAINT payment_attempt_currency_is_iso_4217 CHECK (currency ~ '^[A-Z]{3}$'),
    CONSTRAINT only_a_tombstone_lacks_its_payment CHECK (
        state = 'cancelled' OR (amount IS NOT NULL AND currency IS NOT NULL AND payment_id IS NOT NULL)
    ),
    CONSTRAINT only_what_is_undone_is_fenced
        CHECK (fenced_at IS NULL OR undo_asked_at IS NOT NULL OR state = 'cancelled'),
    CONSTRAINT only_what_is_undone_is_waived
        CHECK (waived_at IS NULL OR (state IN ('succeeded', 'refunded') AND undo_asked_at IS NOT NULL))
);
CREATE INDEX idx_payment_attempts_order_id ON payment_attempts (order_id);
CREATE INDEX idx_payment_attempts_payment ON payment_attempts (payment_id);
CREATE INDEX idx_payment_attempts_calling ON payment_attempts (first_called_at) WHERE state = 'calling';
CREATE FUNCTION payment_attempt_follows_its_states() RETURNS trigger LANGUAGE plpgsql
    AS 'rule payments/0002_payment_attempt_follows_its_states';
CREATE TRIGGER payment_attempt_follows_its_states
    BEFORE UPDATE OF state, payment_id, amount, currency, order_id, epoch ON payment_attempts
    FOR EACH ROW EXECUTE FUNCTION payment_attempt_follows_its_states();

CREATE TABLE refunds (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    payment_id uuid NOT NULL CONSTRAINT refunds_payment_id_075bbbe0_fk_payments_id
        REFERENCES payments (id) DEFERRABLE INITIALLY DEFERRED,
    attempt_id uuid NOT NULL CONSTRAINT refunds_attempt_id_ccccc770_fk_payment_attempts_id
        REFERENCES payment_attempts (id) DEFERRABLE INITIALLY DEFERRED,
    -- A return's refund is known by the receipt of the goods; a compensation's has neither.
    return_id uuid,
    receipt_id uuid CONSTRAINT one_refund_a_receipt UNIQUE,
    effect_id uuid CONSTRAINT one_refund_an_effect UNIQUE,
    amount numeric(19, 4) NOT NULL,
    currency varchar(3) NOT NULL,
    state varchar(20) NOT NULL,
    tries integer NOT NULL DEFAULT 1,
    gateway_reference varchar(255),
    reason varchar(255) NOT NULL,
    last_error text,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT refund_amount_is_positive CHECK (amount > 0),
    CONSTRAINT refund_currency_is_iso_4217 CHECK (currency ~ '^[A-Z]{3}$'),
    CONSTRAINT refund_state_is_known CHECK (state IN ('held', 'released', 'calling', 'succeeded', 'waived')),
    CONSTRAINT asked_refund_has_its_key CHECK (
        (effect_id IS NULL AND state IN ('held', 'released'))
        OR (effect_id IS NOT NULL AND state IN ('calling', 'succeeded', 'waived'))
    ),
    CONSTRAINT refund_of_a_return_names_its_receipt CHECK (
        (receipt_id IS NULL AND return_id IS NULL) OR (receipt_id IS NOT NULL AND return_id IS NOT NULL)
    )
);
CREATE INDEX idx_refunds_payment ON refunds (payment_id);
CREATE INDEX idx_refunds_attempt ON refunds (attempt_id);
CREATE INDEX idx_refunds_calling ON refunds (created_at) WHERE state = 'calling';

-- Append-only; the balance of an order is the sum of its lines.
CREATE TABLE payment_ledger (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    payment_id uuid NOT NULL CONSTRAINT payment_ledger_payment_id_28241712_fk_payments_id
        REFERENCES payments (id) DEFERRABLE INITIALLY DEFERRED,
    order_id uuid NOT NULL,
    kind varchar(20) NOT NULL,
    amount numeric(19, 4) NOT NULL,
    currency varchar(3) NOT NULL,
    effect_id uuid NOT NULL CONSTRAINT one_ledger_line_an_effect UNIQUE,
    reason text,
    proposed_by varchar(100),
    approved_by varchar(100),
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT ledger_currency_is_iso_4217 CHECK (currency ~ '^[A-Z]{3}$'),
    CONSTRAINT ledger_line_goes_its_way CHECK (
        (amount > 0 AND kind = 'capture')
        OR (amount < 0 AND kind = 'refund')
        OR (kind = 'waiver' AND reason IS NOT NULL AND NOT (amount = 0))
    ),
    CONSTRAINT waiver_is_by_two_people CHECK (
        NOT (kind = 'waiver')
        OR (approved_by IS NOT NULL AND proposed_by IS NOT NULL
            AND NOT (upper(proposed_by) = upper(approved_by) AND proposed_by IS NOT NULL AND approved_by IS NOT NULL)
            AND NOT (reason = '' AND reason IS NOT NULL))
    )
);
CREATE INDEX idx_payment_ledger_order_id ON payment_ledger (order_id);
CREATE INDEX idx_payment_ledger_payment ON payment_ledger (payment_id);
CREATE INDEX idx_payment_ledger_created_at ON payment_ledger (created_at);
CREATE UNIQUE INDEX one_capture_an_order ON payment_ledger (order_id) WHERE kind = 'capture';
CREATE FUNCTION payment_ledger_is_append_only() RETURNS trigger LANGUAGE plpgsql
    AS 'rule payments/0002_payment_ledger_is_append_only';
CREATE TRIGGER payment_ledger_is_append_only BEFORE UPDATE OR DELETE ON payment_ledger
    FOR EACH ROW EXECUTE FUNCTION payment_ledger_is_append_only();

CREATE TABLE webhook_events (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    gateway varchar(30) NOT NULL,
    event_id varchar(255) NOT NULL,
    type varchar(100) NOT NULL,
    payload jsonb NOT NULL,
    received_at timestamptz NOT NULL DEFAULT now(),
    processed_at timestamptz,
    CONSTRAINT webhook_event_is_kept_once UNIQUE (gateway, event_id)
);
CREATE INDEX idx_webhook_events_received_at ON webhook_events (received_at);
CREATE INDEX idx_webhook_events_waiting ON webhook_events (received_at) WHERE processed_at IS NULL;

CREATE TRIGGER update_payment_methods_updated_at BEFORE UPDATE ON payment_methods
    FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();
CREATE TRIGGER update_payments_updated_at BEFORE UPDATE ON payments
    FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();
CREATE TRIGGER update_payment_attempts_updated_at BEFORE UPDATE ON payment_attempts
    FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();
CREATE TRIGGER update_refunds_updated_at BEFORE UPDATE ON refunds
    FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();
