"""How often one caller may do a thing: a count per scope, caller and window, raised in one step of the cache."""

import time
from typing import Any

from django.core.cache import cache
from rest_framework.request import Request
from rest_framework.settings import api_settings
from rest_framework.throttling import BaseThrottle

from apps.core.circuit import CACHE, CACHE_UNREACHABLE

SECONDS = {"sec": 1, "min": 60, "hour": 3600, "day": 86400}


class ScopedThrottle(BaseThrottle):
    """
    Count a view's `throttle_scope` against its rate in DEFAULT_THROTTLE_RATES, such as "30/min"; no scope, no limit.

    DRF's own throttle reads, appends and writes a list, so parallel requests slip through it together; a counter does
    not lose one. With the cache down everybody passes, and nobody waits for it: a shop that answers beats a count.
    """

    seconds = 0

    def allow_request(self, request: Request, view: Any) -> bool:
        scope: str | None = getattr(view, "throttle_scope", None)
        rate = api_settings.DEFAULT_THROTTLE_RATES.get(scope) if scope else None
        if not rate:
            return True
        number, _, window = str(rate).partition("/")
        self.seconds = SECONDS[window]
        try:
            return CACHE.call(lambda: self.count(f"throttle:{scope}:{self.caller(request)}")) <= int(number)
        except CACHE_UNREACHABLE:
            return True

    def count(self, key: str) -> int:
        """Count this request, and return how many there were in this window."""
        windowed = f"{key}:{int(time.time() // self.seconds)}"
        if cache.add(windowed, 1, timeout=self.seconds):
            return 1
        try:
            return cache.incr(windowed)
        except ValueError:
            # The window ended between the two steps.
            return 1

    def caller(self, request: Request) -> str:
        """Return who asks: the user, or else the address."""
        return str(request.user.pk) if request.user.is_authenticated else str(self.get_ident(request))

    def wait(self) -> float:
        """Return the seconds until the window ends."""
        return self.seconds - time.time() % self.seconds
