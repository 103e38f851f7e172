"""
One request, and an answer that ends: in time, whatever the other side drips, and in size, whatever it promises.

http.client reads from a socket that knows the time there is left. Each wait for bytes is bounded by itself, and all of
them together.
"""

import io
import socket
import ssl
import time
from collections.abc import Sequence
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse

from .addresses import Place
from .errors import ImageRefused, ImageUnavailable

AGENT = "commerce-image-fetch/1"
ACCEPTED = "image/avif,image/webp,image/png,image/jpeg,image/gif"
PIECE = 65_536
WRONG_LENGTH = "The image ends before its end."


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How long a fetch may take, redirects and all, in seconds; how much it may bring, in bytes and in pixels."""

    connect_seconds: float = 5.0
    read_seconds: float = 10.0
    total_seconds: float = 30.0
    size: int = 20_000_000
    pixels: int = 40_000_000
    redirects: int = 3


class Deadline:
    """The time that is left for everything."""

    def __init__(self, seconds: float) -> None:
        self.ends = time.monotonic() + seconds

    def left(self, at_most: float) -> float:
        """Return how long the next wait may be; raises TimeoutError where there is no time left."""
        left = self.ends - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return min(left, at_most)


class TimedReader(io.RawIOBase):
    """What a socket receives, each wait bounded."""

    def __init__(self, plain: socket.socket, deadline: Deadline, seconds: float) -> None:
        self.plain, self.deadline, self.seconds = plain, deadline, seconds

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        self.plain.settimeout(self.deadline.left(self.seconds))
        return self.plain.recv_into(buffer)


class TimedSocket:
    """As much of a socket as http.client uses; who opened the socket closes it."""

    def __init__(self, plain: socket.socket, deadline: Deadline, seconds: float) -> None:
        self.plain, self.deadline, self.seconds = plain, deadline, seconds

    def sendall(self, data: bytes) -> None:
        self.plain.settimeout(self.deadline.left(self.seconds))
        self.plain.sendall(data)

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(TimedReader(self.plain, self.deadline, self.seconds))

    def close(self) -> None:
        """Leave it open: http.client closes before the body is read where the server keeps no connection."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said; `location` and `body` are empty where it said nothing of the kind."""

    status: int
    location: str
    body: bytes


def ask(place: Place, addresses: Sequence[str], limits: Limits, deadline: Deadline, tls: ssl.SSLContext) -> Answer:
    """
    Ask one of the addresses for what a place names.

    Raises:
        ImageRefused: the answer is too large, or written in a way that was not asked for.
        ImageUnavailable: nobody answered, the answer took too long, or it broke off.
    """
    try:
        with connect(place, addresses, limits, deadline, tls) as plain:
            connection = HTTPConnection(place.host, place.port)
            connection.sock = TimedSocket(plain, deadline, limits.read_seconds)
            connection.request("GET", place.target, headers=headers(place))
            with connection.getresponse() as response:
                body = read(response, limits.size) if response.status == 200 else b""
                return Answer(response.status, response.headers.get("Location", ""), body)
    except TimeoutError:
        raise ImageUnavailable("The answer took too long.") from None
    except ssl.SSLCertVerificationError:
        raise ImageUnavailable("The certificate is not that of the host.") from None
    except (OSError, HTTPException) as error:
        raise ImageUnavailable(f"The connection failed: {type(error).__name__}.") from None


def connect(
    place: Place, addresses: Sequence[str], limits: Limits, deadline: Deadline, tls: ssl.SSLContext
) -> socket.socket:
    """Connect to the first address that takes it; TLS is verified against the name, not against the address."""
    for number, address in enumerate(addresses, start=1):
        try:
            plain = socket.create_connection((address, place.port), timeout=deadline.left(limits.connect_seconds))
            break
        except OSError:
            if number == len(addresses):
                raise
    if place.scheme == "http":
        return plain
    try:
        plain.settimeout(deadline.left(limits.connect_seconds))
        return tls.wrap_socket(plain, server_hostname=place.host)
    except OSError:
        plain.close()
        raise


def headers(place: Place) -> dict[str, str]:
    return {
        "Host": place.host_header,
        "User-Agent": AGENT,
        "Accept": ACCEPTED,
        # A small answer may not unfold into a large one.
        "Accept-Encoding": "identity",
        "Connection": "close",
    }


def read(response: HTTPResponse, size: int) -> bytes:
    """Read a body of at most `size` bytes; what the server says of its length only ends it sooner."""
    if response.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise ImageRefused("The image is packed in a way that was not asked for.")
    if (response.length or 0) > size:
        raise ImageRefused(f"The image is larger than {size:,} bytes.")
    body = bytearray()
    # Never read(n): it waits for n bytes, and a server may drip them.
    while piece := response.read1(PIECE):
        body += piece
        if len(body) > size:
            raise ImageRefused(f"The image is larger than {size:,} bytes.")
    if response.length:
        raise ImageUnavailable(WRONG_LENGTH)
    return bytes(body)
