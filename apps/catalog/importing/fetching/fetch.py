"""An image from its address: every redirect is a new address, and judged as one."""

import ssl
from collections.abc import Collection
from urllib.parse import urljoin

from .addresses import Endpoint, addresses_of, place_of
from .content import Picture, look_at
from .errors import ImageRefused, ImageUnavailable
from .wire import Answer, Deadline, Limits, ask

USUAL_LIMITS = Limits()
REDIRECTS = {301, 302, 303, 307, 308}
# The server's trouble, or its wish for patience; what else is not 200 will be the same tomorrow.
PASSING = {408, 425, 429}


def fetch(
    url: str,
    *,
    limits: Limits = USUAL_LIMITS,
    allowed: Collection[Endpoint] = (),
    tls: ssl.SSLContext | None = None,
) -> Picture:
    """
    Fetch an image, and look at it. Holds at most `limits.size` bytes of it, and its pixels while they are looked at.

    Args:
        url: absolute, http or https.
        allowed: hosts and ports that are asked although they are not public.
        tls: whom to trust; without it whom the machine trusts.

    Raises:
        ImageRefused: the address, a redirect or the content is not taken.
        ImageUnavailable: it cannot be had now.
    """
    answer = follow(url, limits, allowed, tls or ssl.create_default_context())
    if answer.status in PASSING or answer.status >= 500:
        raise ImageUnavailable(f"The server answered {answer.status}.")
    if answer.status != 200:
        raise ImageRefused(f"The server answered {answer.status}.")
    return look_at(answer.body, pixels=limits.pixels)


def follow(url: str, limits: Limits, allowed: Collection[Endpoint], tls: ssl.SSLContext) -> Answer:
    """Ask an address, and where it leads, until something else than a redirect comes."""
    deadline = Deadline(limits.total_seconds)
    for _ in range(limits.redirects + 1):
        place = place_of(url, allowed=allowed)
        answer = ask(place, addresses_of(place, allowed=allowed), limits, deadline, tls)
        if answer.status not in REDIRECTS or not answer.location:
            return answer
        try:
            url = urljoin(url, answer.location)
        except ValueError:
            raise ImageRefused("The address cannot be read.") from None
    raise ImageRefused(f"The address leads on more than {limits.redirects} times.")
