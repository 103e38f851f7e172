-- docs/sagas.md: domain events, written in the commit in which they happened.

CREATE TABLE outbox_events (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    aggregate varchar(50) NOT NULL,
    aggregate_id uuid NOT NULL,
    aggregate_seq integer NOT NULL,
    type varchar(100) NOT NULL,
    payload jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    published_at timestamptz,
    CONSTRAINT outbox_events_in_order UNIQUE (aggregate, aggregate_id, aggregate_seq)
);
CREATE INDEX idx_outbox_events_unpublished ON outbox_events (id) WHERE published_at IS NULL;
