#!/bin/bash
# Run once, when the server's data is made: the role of one app and its database, which no other role may connect to;
# then the settings of shop.conf, from the next start on.
set -euo pipefail
: "${APP_ROLE:?}" "${APP_PASSWORD:?}"

psql --username "$POSTGRES_USER" --dbname postgres --no-psqlrc --quiet --set ON_ERROR_STOP=1 <<'SQL'
\getenv role APP_ROLE
\getenv password APP_PASSWORD
CREATE ROLE :"role" LOGIN PASSWORD :'password';
-- For the monitor of slow statements.
GRANT pg_read_all_stats TO :"role";
CREATE DATABASE :"role" OWNER :"role";
REVOKE CONNECT ON DATABASE :"role" FROM PUBLIC;
\connect :"role"
CREATE EXTENSION pg_stat_statements;
SQL

echo "include '/etc/postgresql/shop.conf'" >> "$PGDATA/postgresql.conf"
