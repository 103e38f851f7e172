#!/bin/sh
# Write PgBouncer's user list from the environment, one line a database, then become the command.
set -eu
umask 077
: "${USERLIST:=/run/pgbouncer/userlist.txt}"

for role in accounts catalog orders payments notifications; do
    variable="$(echo "$role" | tr '[:lower:]' '[:upper:]')_DATABASE_PASSWORD"
    password=$(printenv "$variable") || { echo "$variable is not set" >&2; exit 1; }
    # A quote within quotes is written twice.
    printf '"%s" "%s"\n' "$role" "$(printf %s "$password" | sed 's/"/""/g')"
done > "$USERLIST"

exec "$@"
