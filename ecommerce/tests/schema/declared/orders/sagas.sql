-- docs/sagas.md: the engine's tables, with the founding design's word for the first. The cursor of a saga is step,
-- direction, lane and due_at; due_at is ready time, backoff and lease expiry in one.

CREATE TABLE saga_transactions (
    id uuid PRIMARY KEY,
    definition varchar(100) NOT NULL,
    version smallint NOT NULL,
    subject_id uuid NOT NULL,
    order_id uuid NOT NULL,
    status varchar(20) NOT NULL,
    hold varchar(20),
    step smallint NOT NULL,
    direction varchar(10) NOT NULL,
    lane varchar(50) NOT NULL,
    states jsonb NOT NULL,
    effects_open smallint NOT NULL,
    attempt integer NOT NULL DEFAULT 0,
    failures integer NOT NULL DEFAULT 0,
    failing_since timestamptz,
    epoch integer NOT NULL DEFAULT 0,
    due_at timestamptz NOT NULL DEFAULT statement_timestamp(),
    lease uuid,
    seq integer NOT NULL,
    data jsonb NOT NULL,
    cause jsonb,
    waivers jsonb,
    error text,
    deadline_at timestamptz,
    trace_id varchar(64),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz,
    -- An order may be served by more than one saga (it is returned later); one about it starts once.
    CONSTRAINT saga_starts_once UNIQUE (definition, subject_id),
    CONSTRAINT saga_status_is_known CHECK (status IN ('active', 'completed', 'compensating', 'failed')),
    CONSTRAINT saga_direction_is_known CHECK (direction IN ('forward', 'backward')),
    CONSTRAINT saga_hold_is_known CHECK (hold IS NULL OR hold IN ('paused', 'dead_letter')),
    CONSTRAINT failed_saga_has_no_open_effect CHECK (NOT (status = 'failed') OR effects_open = 0),
    CONSTRAINT finished_saga_has_its_time CHECK (
        (finished_at IS NULL AND status IN ('active', 'compensating'))
        OR (finished_at IS NOT NULL AND status IN ('completed', 'failed'))
    )
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 500);
CREATE INDEX idx_saga_transactions_due ON saga_transactions (lane, due_at)
    WHERE hold IS NULL AND status IN ('active', 'compensating');
CREATE INDEX idx_saga_transactions_suspect ON saga_transactions (lane, due_at)
    WHERE attempt >= 2 AND hold IS NULL AND status IN ('active', 'compensating');
CREATE INDEX idx_saga_transactions_order ON saga_transactions (order_id);
CREATE INDEX idx_saga_transactions_status ON saga_transactions (status, created_at);
CREATE INDEX idx_saga_transactions_hold ON saga_transactions (hold) WHERE hold IS NOT NULL;
CREATE INDEX idx_saga_transactions_finished ON saga_transactions (finished_at, id) WHERE finished_at IS NOT NULL;

-- Partitioned by month; the months are made as time goes on and are not part of this declaration.
CREATE TABLE saga_events (
    saga_id uuid,
    seq integer,
    kind varchar(30) NOT NULL,
    step varchar(100) NOT NULL,
    direction varchar(10) NOT NULL,
    attempt integer NOT NULL,
    actor varchar(100) NOT NULL,
    data jsonb NOT NULL DEFAULT '{}',
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (saga_id, seq)
) PARTITION BY RANGE (saga_id);
CREATE TABLE saga_events_default PARTITION OF saga_events DEFAULT;
CREATE FUNCTION uuid_v7_from(moment timestamptz) RETURNS uuid LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS 'rule sagas/0002_saga_events_are_append_only';
CREATE FUNCTION ensure_saga_events_partitions(first_month date, months integer) RETURNS integer LANGUAGE plpgsql
    AS 'rule sagas/0006_saga_events_are_sealed';
CREATE FUNCTION saga_events_are_append_only() RETURNS trigger LANGUAGE plpgsql
    AS 'rule sagas/0002_saga_events_are_append_only';
CREATE TRIGGER saga_events_are_append_only BEFORE UPDATE OR DELETE ON saga_events
    FOR EACH ROW EXECUTE FUNCTION saga_events_are_append_only();
CREATE FUNCTION saga_events_are_not_truncated() RETURNS trigger LANGUAGE plpgsql
    AS 'rule sagas/0006_saga_events_are_sealed';
CREATE FUNCTION seal_saga_events(sealed regclass) RETURNS void LANGUAGE plpgsql
    AS 'rule sagas/0006_saga_events_are_sealed';
CREATE TRIGGER saga_events_are_not_truncated BEFORE TRUNCATE ON saga_events
    FOR EACH STATEMENT EXECUTE FUNCTION saga_events_are_not_truncated();

-- What a person asks of a saga (docs/sagas.md).
CREATE TABLE saga_requests (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    saga_id uuid NOT NULL,
    kind varchar(20) NOT NULL,
    step varchar(100),
    actor varchar(100) NOT NULL,
    reason text NOT NULL,
    idempotency_key varchar(255) NOT NULL UNIQUE,
    created_at timestamptz NOT NULL DEFAULT now(),
    consumed_at timestamptz,
    answer jsonb,
    CONSTRAINT saga_request_kind_is_known
        CHECK (kind IN ('cancel', 'pause', 'resume', 'retry', 'skip', 'force_compensate', 'waive')),
    CONSTRAINT consumed_request_is_answered CHECK (
        (answer IS NULL AND consumed_at IS NULL) OR (answer IS NOT NULL AND consumed_at IS NOT NULL)
    )
);
CREATE INDEX idx_saga_requests_unconsumed ON saga_requests (saga_id) WHERE consumed_at IS NULL;
CREATE INDEX saga_requests_idempotency_key_dfc792f4_like ON saga_requests (idempotency_key varchar_pattern_ops);

CREATE TABLE saga_dead_letters (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    saga_id uuid NOT NULL,
    step varchar(100) NOT NULL,
    direction varchar(10) NOT NULL,
    error text NOT NULL,
    attempts integer NOT NULL,
    first_at timestamptz NOT NULL DEFAULT statement_timestamp(),
    next_try_at timestamptz,
    state varchar(20) NOT NULL DEFAULT 'open',
    proposed_at timestamptz,
    proposed_by varchar(100),
    resolved_at timestamptz,
    resolved_by varchar(100),
    approved_by varchar(100),
    reason text,
    CONSTRAINT dead_letter_state_is_known CHECK (state IN ('open', 'resolved', 'waived')),
    CONSTRAINT dead_letter_direction_is_known CHECK (direction IN ('forward', 'backward')),
    CONSTRAINT waiver_is_by_two_people CHECK (
        NOT (state = 'waived')
        OR (approved_by IS NOT NULL AND reason IS NOT NULL AND resolved_by IS NOT NULL
            AND NOT (upper(resolved_by) = upper(approved_by) AND resolved_by IS NOT NULL AND approved_by IS NOT NULL)
            AND NOT (reason = '' AND reason IS NOT NULL))
    )
);
CREATE UNIQUE INDEX one_open_dead_letter_a_step ON saga_dead_letters (saga_id, step, direction) WHERE state = 'open';
CREATE INDEX idx_saga_dead_letters_open ON saga_dead_letters (next_try_at) WHERE state = 'open';

-- Sagas that finished a while ago, in the columns of saga_transactions; by month of birth, as saga_events.
CREATE TABLE saga_archive (
    LIKE saga_transactions INCLUDING DEFAULTS,
    archived_at timestamptz NOT NULL DEFAULT statement_timestamp(),
    PRIMARY KEY (id),
    CONSTRAINT archived_saga_has_ended CHECK (finished_at IS NOT NULL AND status IN ('completed', 'failed')),
    CONSTRAINT archived_failure_has_no_open_effect CHECK (NOT (status = 'failed') OR effects_open = 0)
) PARTITION BY RANGE (id);
CREATE INDEX idx_saga_archive_order ON saga_archive (order_id);
CREATE INDEX idx_saga_archive_status ON saga_archive (status, id);
CREATE TABLE saga_archive_default PARTITION OF saga_archive DEFAULT;
CREATE FUNCTION ensure_saga_archive_partitions(first_month date, months integer) RETURNS integer LANGUAGE plpgsql
    AS 'rule sagas/0008_saga_starts_once';

-- What archived sagas were about: they start once all the same.
CREATE TABLE saga_subjects (
    definition varchar(100),
    subject_id uuid,
    saga_id uuid NOT NULL,
    PRIMARY KEY (definition, subject_id)
);
CREATE FUNCTION saga_starts_once() RETURNS trigger LANGUAGE plpgsql AS 'rule sagas/0008_saga_starts_once';
CREATE TRIGGER saga_starts_once AFTER INSERT ON saga_transactions
    REFERENCING NEW TABLE AS begun FOR EACH STATEMENT EXECUTE FUNCTION saga_starts_once();

-- What of a released definition must not change.
CREATE TABLE saga_releases (
    definition varchar(100),
    version smallint,
    fingerprint varchar(64) NOT NULL,
    description jsonb NOT NULL,
    released_at timestamptz NOT NULL DEFAULT statement_timestamp(),
    PRIMARY KEY (definition, version)
);

-- What the auditor found, and how far each of its checks has got (docs/sagas.md).
CREATE TABLE audit_findings (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    invariant varchar(5) NOT NULL,
    check_name varchar(100) NOT NULL,
    subject varchar(50) NOT NULL,
    subject_id uuid NOT NULL,
    problem text NOT NULL,
    found_at timestamptz NOT NULL DEFAULT statement_timestamp(),
    seen_at timestamptz NOT NULL DEFAULT statement_timestamp(),
    closed_at timestamptz,
    CONSTRAINT audit_finding_names_an_invariant CHECK (invariant ~ '^I([1-9]|1[0-4])$')
);
CREATE UNIQUE INDEX one_open_finding_a_subject ON audit_findings (check_name, invariant, subject_id)
    WHERE closed_at IS NULL;
CREATE INDEX idx_audit_findings_found ON audit_findings (found_at);

CREATE TABLE audit_positions (
    check_name varchar(100),
    source varchar(50),
    position varchar(100) NOT NULL,
    judged_at timestamptz NOT NULL DEFAULT statement_timestamp(),
    began_at timestamptz,
    judged_until timestamptz,
    PRIMARY KEY (check_name, source)
);
