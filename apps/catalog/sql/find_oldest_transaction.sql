-- When the oldest transaction began that may still write: what it writes has no lower id than that moment. A session that
-- begins one after this looked is later still. Sessions of other roles write no sales.
-- about: other other
SELECT least(clock_timestamp(), min(xact_start))
FROM pg_stat_activity
WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()
