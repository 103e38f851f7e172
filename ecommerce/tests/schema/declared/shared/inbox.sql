-- docs/sagas.md: one row an effect, with the reply it was given; `cancelled` is a tombstone.

CREATE TABLE saga_inbox (
    saga_id uuid,
    step varchar(100),
    direction varchar(10),
    epoch integer DEFAULT 0,
    outcome varchar(20) NOT NULL,
    reply jsonb,
    request_hash bytea NOT NULL,
    handled_at timestamptz NOT NULL DEFAULT statement_timestamp(),
    PRIMARY KEY (saga_id, step, direction, epoch),
    CONSTRAINT inbox_outcome_is_known CHECK (outcome IN ('replied', 'refused', 'cancelled'))
);
