-- What this database did for a batch of sagas; and how long the transaction, which begins with this, may keep others
-- waiting. Its limits are its own (SET LOCAL), so that they hold behind a pooler too.
-- about: select saga_inbox
WITH limits AS MATERIALIZED (
    SELECT
        set_config('statement_timeout', %(statement)s, true),
        set_config('lock_timeout', %(lock)s, true),
        set_config('idle_in_transaction_session_timeout', %(idle)s, true)
)
SELECT saga_id, step, direction, epoch, outcome, reply::text, request_hash
FROM limits
LEFT JOIN saga_inbox ON saga_id = ANY (%(saga_ids)s)
