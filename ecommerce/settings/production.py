"""A deployment. Refuses to start on an unsafe configuration."""

from django.core.exceptions import ImproperlyConfigured

from .base import *
from .environment import env
from .safety import dangers

# The health check of a container asks its own machine.
ALLOWED_HOSTS = [*ALLOWED_HOSTS, "localhost"]
# Where the databases are reached over a network that nobody else is on, such as one between containers.
TRUSTED_NETWORK = env.bool("TRUSTED_NETWORK", default=False)

for danger in dangers(
    secret_key=SECRET_KEY,
    debug=DEBUG,
    allowed_hosts=ALLOWED_HOSTS,
    databases=DATABASES,
    trusted_network=TRUSTED_NETWORK,
    # Who takes no money needs no gateway.
    payment_gateway=PAYMENT_GATEWAY if "payments" in DATABASES else "",
    # To try the shop as it would be deployed.
    fake_payments=env.bool("FAKE_PAYMENTS", default=False),
):
    raise ImproperlyConfigured(danger)

# Browsers get cookies and pages over HTTPS alone; probes inside the network may come without.
HTTPS = env.bool("HTTPS", default=True)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^health/", r"^metrics$"]
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=31_536_000) if HTTPS else 0
# Hosts beside the shop's may not be ours to speak for: whether they are HTTPS alone as well must be said.
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = env.bool("HSTS_SUBDOMAINS", default=False)
SILENCED_SYSTEM_CHECKS = [*SILENCED_SYSTEM_CHECKS, "security.W005", "security.W021"]
# A proxy in front ends the encryption; who can reach the shop past it could claim anything, so it must be said.
if env.int("TRUSTED_PROXIES", default=0):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
