"""The gateway that the settings name."""

import os
from collections.abc import Callable
from functools import cache

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from .base import Gateway
from .fake import FakeGateway


def fake() -> Gateway:
    """Return the adapter to the fake gateway."""
    return FakeGateway(
        settings.PAYMENT_GATEWAY_URL,
        connect_seconds=settings.PAYMENT_GATEWAY_CONNECT_SECONDS,
        read_seconds=settings.PAYMENT_GATEWAY_READ_SECONDS,
    )


GATEWAYS: dict[str, Callable[[], Gateway]] = {"fake": fake}


@cache
def current_gateway() -> Gateway:
    """Return the gateway named by `PAYMENT_GATEWAY`, one a process, so that its connections are kept."""
    try:
        make = GATEWAYS[settings.PAYMENT_GATEWAY]
    except KeyError:
        known = ", ".join(GATEWAYS)
        raise ImproperlyConfigured(f"PAYMENT_GATEWAY is {settings.PAYMENT_GATEWAY!r}; there are {known}.") from None
    return make()


# A connection shared with a forked child would mix their answers.
os.register_at_fork(after_in_child=current_gateway.cache_clear)
