"""What a deployment must not start with, each as one sentence that says how to mend it."""

from collections.abc import Iterator, Mapping
from typing import Any

DEFAULT_SECRET = "insecure-development-key-change-me-in-production"  # noqa: S105 - known to everybody, and refused
NEW_SECRET = "python -c 'import secrets; print(secrets.token_urlsafe(50))'"  # noqa: S105 - how to make one
SHORTEST_SECRET = 40
HERE = ("", "localhost", "127.0.0.1", "::1")
ENCRYPTED = ("require", "verify-ca", "verify-full")


def dangers(
    *,
    secret_key: str,
    debug: bool,
    allowed_hosts: list[str],
    databases: Mapping[str, Mapping[str, Any]],
    trusted_network: bool = False,
    payment_gateway: str = "",
    fake_payments: bool = False,
) -> Iterator[str]:
    """Return what is unsafe about a configuration, the worst first; nothing where it is safe."""
    if secret_key == DEFAULT_SECRET:
        yield f"SECRET_KEY is the one everybody can read in the source: set it to the output of {NEW_SECRET}."
    elif len(secret_key) < SHORTEST_SECRET:
        yield f"SECRET_KEY has fewer than {SHORTEST_SECRET} characters: set it to the output of {NEW_SECRET}."
    if debug:
        yield "DEBUG is on, which shows the insides of the shop to its visitors: unset DEBUG."
    if "*" in allowed_hosts:
        yield "ALLOWED_HOSTS lets every host name in: set it to those of the shop, separated by commas."
    if payment_gateway == "fake" and not fake_payments:
        yield (
            "PAYMENT_GATEWAY is the fake one, whose test cards pay for everything and charge nobody: name a real one,"
            " or set FAKE_PAYMENTS=true where nothing is really sold."
        )
    for alias, database in databases.items():
        if database and not trusted_network and is_plain(database):
            yield (
                f"The {alias} database at {database['HOST']} is reached without TLS: add ?sslmode=verify-full to"
                f" {alias.upper()}_DATABASE_URL, or set TRUSTED_NETWORK=true where nobody else can listen."
            )


def is_plain(database: Mapping[str, Any]) -> bool:
    """Tell whether a database is on another machine and not asked for encryption; a path is a Unix socket."""
    host: str = database.get("HOST") or ""
    sslmode = database.get("OPTIONS", {}).get("sslmode")
    return host not in HERE and not host.startswith("/") and sslmode not in ENCRYPTED
