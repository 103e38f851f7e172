"""The payment gateway: which one, where, and how long to wait for it."""

from apps.payments.gateways.fake_server.address import default_url

from .environment import env

PAYMENT_GATEWAY = env("PAYMENT_GATEWAY", default="fake")
PAYMENT_GATEWAY_URL = env("PAYMENT_GATEWAY_URL", default=default_url())
PAYMENT_GATEWAY_CONNECT_SECONDS = env.float("PAYMENT_GATEWAY_CONNECT_SECONDS", default=2.0)
PAYMENT_GATEWAY_READ_SECONDS = env.float("PAYMENT_GATEWAY_READ_SECONDS", default=10.0)
