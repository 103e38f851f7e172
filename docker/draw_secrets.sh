#!/bin/sh
# Print an environment file with fresh secrets, and with what only the owner of the shop can say, left empty.
set -eu

draw() {
    # Letters and digits alone: a secret may stand in an address as it is.
    echo "$1=$(LC_ALL=C tr -dc 'A-Za-z0-9' < /dev/urandom | head -c 50)"
}

for name in SECRET_KEY JWT_SIGNING_KEY METRICS_TOKEN \
    POSTGRES_PASSWORD ACCOUNTS_DATABASE_PASSWORD CATALOG_DATABASE_PASSWORD ORDERS_DATABASE_PASSWORD \
    PAYMENTS_DATABASE_PASSWORD NOTIFICATIONS_DATABASE_PASSWORD \
    RABBITMQ_PASSWORD VALKEY_PASSWORD GRAFANA_PASSWORD; do
    draw "$name"
done

cat <<'END'
# The shop's host names, and its addresses, separated by commas: shop.example.com and https://shop.example.com
SHOP_HOSTS=
SHOP_ORIGINS=
# smtp+tls://user:password@mail.example.com:587, and the sender: Shop <orders@shop.example.com>
EMAIL_URL=
DEFAULT_FROM_EMAIL=
END
