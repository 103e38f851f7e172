-- How long a transaction may keep others waiting. Its own (SET LOCAL), so that it holds behind a pooler too.
-- about: other other
SELECT
    set_config('statement_timeout', %(statement)s, true),
    set_config('lock_timeout', %(lock)s, true),
    set_config('idle_in_transaction_session_timeout', %(idle)s, true)
