-- The founding design, "Database Migration Strategy": every database has this table.

CREATE TABLE migration_history (
    id serial PRIMARY KEY,
    migration_id varchar(255) UNIQUE NOT NULL,
    service_name varchar(100) NOT NULL,
    file_name varchar(255) NOT NULL,
    executed_at timestamptz DEFAULT now()
);
CREATE INDEX idx_migration_history_service ON migration_history (service_name);
CREATE INDEX idx_migration_history_executed_at ON migration_history (executed_at);
