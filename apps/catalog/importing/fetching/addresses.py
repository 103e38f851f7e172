"""
Which addresses are asked: those of the public internet, and of them only what a browser would take for a web server.

A name is resolved once, every answer is judged, and the connection goes to what was judged. So a name that answers
otherwise a moment later (DNS rebinding) leads nowhere else.
"""

import re
import socket
from collections.abc import Collection
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from urllib.parse import quote, urlsplit

from .errors import ImageRefused, ImageUnavailable

PORTS = {"http": 80, "https": 443}
LONGEST = 2000
# What http.client, urlsplit and a server might each read otherwise.
DOUBTFUL = re.compile(r"[\x00-\x20\x7f\\]")
# What a path may hold; everything else is written as %xx, and what is written so already stays.
PLAIN = "/%?&=+,;:@!$'()*~[]"
# They carry an IPv4 address within, or lead to what only a data centre has, and some count as global.
REFUSED = [
    ip_network(network)
    for network in (
        "::/96",  # IPv4-compatible
        "::ffff:0:0/96",  # IPv4-mapped
        "::ffff:0:0:0/96",  # IPv4-translated
        "64:ff9b::/96",  # NAT64
        "64:ff9b:1::/48",  # NAT64 of a network's own
        "2001::/32",  # Teredo
        "2002::/16",  # 6to4
        "fec0::/10",  # site-local
        "192.88.99.0/24",  # relays of 6to4
        "168.63.129.16/32",  # the metadata of Azure's machines
    )
]
Endpoint = tuple[str, int]
"""A host and a port."""


@dataclass(frozen=True, slots=True)
class Place:
    """An address taken apart: `host` in ASCII and lower case, `target` what a request asks for."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def host_header(self) -> str:
        name = f"[{self.host}]" if ":" in self.host else self.host
        return name if self.port == PORTS[self.scheme] else f"{name}:{self.port}"


def place_of(url: str, *, allowed: Collection[Endpoint] = ()) -> Place:
    """
    Take an address apart.

    Args:
        allowed: hosts and ports that are asked although the rules forbid it.

    Raises:
        ImageRefused: it is not http or https, names a user, a port other than 80 and 443, or no host.
    """
    if len(url) > LONGEST or DOUBTFUL.search(url):
        raise ImageRefused("The address is too long, or has characters that no address has.")
    try:
        parts = urlsplit(url)
        port = parts.port
        # A final dot names the same host, and would be another name for the certificate.
        host = (parts.hostname or "").rstrip(".")
        host = host if ":" in host else host.encode("idna").decode("ascii").lower()
    except ValueError:
        raise ImageRefused("The address cannot be read.") from None
    if parts.scheme not in PORTS:
        raise ImageRefused("Only http and https are asked.")
    if "@" in parts.netloc:
        raise ImageRefused("The address names a user.")
    if not host:
        raise ImageRefused("The address names no host.")
    port = PORTS[parts.scheme] if port is None else port
    if port not in PORTS.values() and (host, port) not in allowed:
        raise ImageRefused(f"Port {port} is not asked.")
    target = quote(parts.path or "/", safe=PLAIN) + (f"?{quote(parts.query, safe=PLAIN)}" if parts.query else "")
    return Place(parts.scheme, host, port, target)


def addresses_of(place: Place, *, allowed: Collection[Endpoint] = ()) -> list[str]:
    """
    Resolve a host, and judge every answer.

    Returns:
        The addresses to connect to, best first; at least one.

    Raises:
        ImageRefused: one of them is not public; a name that means a private address and a public one means no good.
        ImageUnavailable: the name is not known, now.
    """
    try:
        answers = socket.getaddrinfo(place.host, place.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise ImageUnavailable(f"The name {place.host} is not known.") from None
    found = list(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in answers))
    if (place.host, place.port) not in allowed and not all(map(is_public, found)):
        # Which address it is, is nobody's business who only wrote the file.
        raise ImageRefused(f"{place.host} is not on the public internet.")
    return found


def is_public(address: str) -> bool:
    """Tell whether an IP address belongs to one machine of the public internet."""
    ip = ip_address(address)
    if any(ip in network for network in REFUSED):
        return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_loopback or ip.is_link_local)
