"""How often one caller may do a thing: a count per scope, caller and window, raised in one step of the cache."""

import time
from typing import Any

from django.core.cache import cache
from django_redis.exceptions import ConnectionInterrupted
from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.settings import api_settings
from rest_framework.throttling import SimpleRateThrottle

UNREACHABLE = (ConnectionInterrupted, RedisError, OSError)


class ScopedThrottle(SimpleRateThrottle):
    """
    Count a view's `throttle_scope` against its rate in DEFAULT_THROTTLE_RATES; views without a scope are free.

    DRF's own throttle reads, appends and writes a list, so parallel requests slip through it together; a counter does
    not lose one. With the cache down everybody passes: a shop that answers beats a count.
    """

    def __init__(self) -> None:
        """The scope is the view's, so the rate is read with the request."""

    def allow_request(self, request: Request, view: Any) -> bool:
        self.scope = getattr(view, "throttle_scope", None)
        rate = api_settings.DEFAULT_THROTTLE_RATES.get(self.scope) if self.scope else None
        if not rate:
            return True
        allowed, self.duration = self.parse_rate(rate)
        try:
            return self.count(self.get_cache_key(request, view)) <= allowed
        except UNREACHABLE:
            return True

    def count(self, key: str) -> int:
        """Count this request, and return how many there were in this window."""
        windowed = f"{key}:{int(time.time() // self.duration)}"
        if cache.add(windowed, 1, timeout=self.duration):
            return 1
        try:
            return cache.incr(windowed)
        except ValueError:
            # The window ended between the two steps.
            return 1

    def get_cache_key(self, request: Request, view: Any) -> str:
        user = request.user
        ident = user.pk if user and user.is_authenticated else self.get_ident(request)
        return f"throttle:{self.scope}:{ident}"

    def wait(self) -> float:
        """Return the seconds until the window ends."""
        return self.duration - time.time() % self.duration
