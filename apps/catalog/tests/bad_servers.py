"""A real server of images that behaves as badly as it can."""

import io
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from PIL import Image

from apps.catalog.importing.fetching.fetch import fetch
from apps.catalog.importing.fetching.wire import Limits

LIMITS = Limits(connect_seconds=0.5, read_seconds=0.3, total_seconds=0.6, size=100_000, pixels=10_000)
SCRIPT = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
METADATA = "http://169.254.169.254/latest/meta-data/"


def picture(form: str = "PNG", size: tuple[int, int] = (40, 30)) -> bytes:
    file = io.BytesIO()
    Image.effect_noise(size, 90).convert("RGB").save(file, form)
    return file.getvalue()


PNG = picture()


class Badly(BaseHTTPRequestHandler):
    """A page for each way to misbehave; `asked` is what was asked for, and how."""

    asked: list[tuple[str, dict[str, str]]]

    def do_GET(self) -> None:
        type(self).asked.append((self.path, dict(self.headers)))
        with suppress(OSError):
            getattr(self, self.path.strip("/").split("/")[0])()

    def log_message(self, *args: object) -> None:
        """Say nothing."""

    def begin(self, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()

    def good(self) -> None:
        self.begin(Content_Type="text/html", Content_Length=str(len(PNG)))
        self.wfile.write(PNG)

    def chunked(self) -> None:
        self.protocol_version = "HTTP/1.1"
        self.begin(Transfer_Encoding="chunked")
        self.wfile.write(b"%x\r\n%b\r\n0\r\n\r\n" % (len(PNG), PNG))

    def drip(self) -> None:
        self.begin(Content_Length=str(len(PNG)))
        self.slowly()

    def drip_head(self) -> None:
        self.wfile.write(b"HTTP/1.0 200 OK\r\nX-Long: ")
        self.slowly()

    def slowly(self) -> None:
        for _ in range(60):
            self.wfile.write(b"x")
            time.sleep(0.05)

    def silent(self) -> None:
        time.sleep(0.6)

    def endless(self) -> None:
        self.begin()
        while True:
            self.wfile.write(bytes(65_536))

    def promises_much(self) -> None:
        self.begin(Content_Length="100001")
        self.slowly()

    def promises_little(self) -> None:
        self.begin(Content_Length="20")
        self.wfile.write(PNG)

    def breaks_off(self) -> None:
        self.begin(Content_Length=str(len(PNG) + 1))
        self.wfile.write(PNG)

    def packed(self) -> None:
        self.begin(Content_Encoding="gzip")
        self.wfile.write(PNG)

    def script(self) -> None:
        self.begin(Content_Type="image/png")
        self.wfile.write(SCRIPT)

    def cut(self) -> None:
        self.begin()
        self.wfile.write(PNG[: len(PNG) // 2])

    def missing(self) -> None:
        self.begin(404)

    def trouble(self) -> None:
        self.begin(503)

    def round(self) -> None:
        self.begin(302, Location="/round")

    def thrice(self) -> None:
        left = int(self.path.rsplit("/", 1)[1])
        self.begin(302, Location=f"/thrice/{left - 1}" if left > 1 else "/good")

    def to_metadata(self) -> None:
        self.begin(302, Location=METADATA)

    def to_loopback(self) -> None:
        self.begin(302, Location="http://127.0.0.1/")

    def to_file(self) -> None:
        self.begin(302, Location="file:///etc/passwd")


class Server:
    """The server, and how to ask it although it is private."""

    def __init__(self, port: int, asked: list[tuple[str, dict[str, str]]]) -> None:
        self.port, self.asked = port, asked

    def fetch(self, page: str, limits: Limits = LIMITS) -> bytes:
        allowed = [("localhost", self.port)]
        return fetch(f"http://localhost:{self.port}/{page}", limits=limits, allowed=allowed).content


@contextmanager
def serving() -> Iterator[Server]:
    handler = type("Handler", (Badly,), {"asked": []})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as httpd:
        httpd.daemon_threads = True
        httpd.block_on_close = False
        thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield Server(httpd.server_port, handler.asked)
        httpd.shutdown()
        thread.join()
