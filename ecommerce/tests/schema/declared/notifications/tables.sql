-- The founding design names this database and does not draw it.

CREATE TABLE templates (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    code varchar(50) NOT NULL,
    language varchar(10) NOT NULL DEFAULT 'en',
    subject varchar(255) NOT NULL,
    text text NOT NULL,
    html text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT one_template_a_code_and_language UNIQUE (code, language),
    CONSTRAINT template_language_is_a_code CHECK (language ~ '^[a-z]{2,3}(-[a-z0-9]+)*$')
);

-- docs/notifications.md: a mail is handed over at most once.
CREATE TABLE messages (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    kind varchar(50) NOT NULL,
    order_id uuid,
    return_id uuid,
    recipient varchar(255) NOT NULL,
    subject varchar(255) NOT NULL,
    text text NOT NULL,
    html text NOT NULL,
    state varchar(20) NOT NULL DEFAULT 'queued',
    tries integer NOT NULL DEFAULT 1,
    error text,
    sending_at timestamptz,
    sent_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT one_message_of_a_kind_an_order UNIQUE (order_id, kind),
    CONSTRAINT one_message_of_a_kind_a_return UNIQUE (return_id, kind),
    CONSTRAINT message_state_is_known CHECK (state IN ('queued', 'sending', 'sent', 'unknown', 'failed')),
    CONSTRAINT sent_message_has_its_time CHECK (
        (sent_at IS NOT NULL AND state = 'sent') OR (NOT (state = 'sent') AND sent_at IS NULL)
    )
);
CREATE INDEX idx_messages_created_at ON messages (created_at);
CREATE INDEX idx_messages_unsent ON messages (created_at)
    WHERE state IN ('queued', 'sending', 'unknown', 'failed');
CREATE FUNCTION message_is_handed_over_once() RETURNS trigger LANGUAGE plpgsql
    AS 'rule notifications/0002_message_is_handed_over_once';
CREATE TRIGGER message_is_handed_over_once BEFORE UPDATE OF state ON messages
    FOR EACH ROW EXECUTE FUNCTION message_is_handed_over_once();

CREATE TRIGGER update_templates_updated_at BEFORE UPDATE ON templates
    FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();
CREATE TRIGGER update_messages_updated_at BEFORE UPDATE ON messages
    FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();
