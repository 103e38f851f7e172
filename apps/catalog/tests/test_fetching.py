"""Images fetched from a real server that behaves as badly as it can."""

import socket
import time
from collections.abc import Callable, Iterator

import pytest

from apps.catalog.importing.fetching.addresses import addresses_of, is_public, place_of
from apps.catalog.importing.fetching.content import look_at
from apps.catalog.importing.fetching.errors import ImageRefused, ImageUnavailable
from apps.catalog.importing.fetching.fetch import fetch
from apps.catalog.importing.fetching.wire import Limits

from .bad_servers import LIMITS, PNG, SCRIPT, Server, picture, serving


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as found:
        yield found


class TestFetch:
    @pytest.mark.parametrize("page", ["good", "chunked", "thrice/3"])
    def test_brings_an_image_as_it_is_whatever_its_type_is_called(self, server: Server, page: str) -> None:
        assert server.fetch(page) == PNG

    def test_asks_for_nothing_packed_and_shows_no_secret(self, server: Server) -> None:
        server.fetch("good")

        ((_, headers),) = server.asked
        assert headers.keys() == {"Host", "User-Agent", "Accept", "Accept-Encoding", "Connection"}
        assert headers["Host"] == f"localhost:{server.port}"
        assert headers["Accept-Encoding"] == "identity"

    @pytest.mark.parametrize("page", ["drip", "drip_head", "silent"])
    def test_waits_no_longer_than_it_may(self, server: Server, page: str) -> None:
        began = time.monotonic()

        with pytest.raises(ImageUnavailable, match="took too long"):
            server.fetch(page)

        assert time.monotonic() - began < 1.5

    @pytest.mark.parametrize("page", ["endless", "promises_much"])
    def test_takes_no_more_than_it_may(self, server: Server, page: str) -> None:
        with pytest.raises(ImageRefused, match="larger than 100,000 bytes"):
            server.fetch(page, Limits(total_seconds=5, size=100_000))

    @pytest.mark.parametrize("page", ["script", "cut", "promises_little"])
    def test_refuses_what_is_no_whole_image(self, server: Server, page: str) -> None:
        with pytest.raises(ImageRefused, match="no JPEG"):
            server.fetch(page)

    def test_refuses_what_is_packed(self, server: Server) -> None:
        with pytest.raises(ImageRefused, match="packed"):
            server.fetch("packed")

    @pytest.mark.parametrize(
        ("page", "error", "says"),
        [
            ("breaks_off", ImageUnavailable, "ends before its end"),
            ("trouble", ImageUnavailable, "answered 503"),
            ("missing", ImageRefused, "answered 404"),
        ],
    )
    def test_tells_what_may_be_better_later(self, server: Server, page: str, error: type[Exception], says: str) -> None:
        with pytest.raises(error, match=says):
            server.fetch(page)

    @pytest.mark.parametrize(
        ("page", "says"),
        [
            ("to_metadata", "169.254.169.254 is not on the public internet"),
            ("to_loopback", "127.0.0.1 is not on the public internet"),
            ("to_file", "Only http and https"),
            ("thrice/4", "leads on more than 3 times"),
            ("round", "leads on more than 3 times"),
        ],
    )
    def test_judges_where_a_redirect_leads(self, server: Server, page: str, says: str) -> None:
        with pytest.raises(ImageRefused, match=says):
            server.fetch(page)

    def test_ends_a_round_of_redirects_after_three(self, server: Server) -> None:
        with pytest.raises(ImageRefused):
            server.fetch("round")

        assert [path for path, _ in server.asked] == ["/round"] * 4

    def test_asks_no_private_server_that_is_not_allowed(self, server: Server) -> None:
        with pytest.raises(ImageRefused, match="is not asked"):
            fetch(f"http://localhost:{server.port}/good", limits=LIMITS)

        assert server.asked == []

    def test_says_where_nobody_listens(self) -> None:
        with socket.socket() as nobody:
            nobody.bind(("127.0.0.1", 0))
            port = nobody.getsockname()[1]

            with pytest.raises(ImageUnavailable, match="ConnectionRefusedError"):
                fetch(f"http://127.0.0.1:{port}/", limits=LIMITS, allowed=[("127.0.0.1", port)])

    def test_speaks_tls_only_with_who_does(self, server: Server) -> None:
        with pytest.raises(ImageUnavailable, match="SSLError"):
            fetch(f"https://localhost:{server.port}/good", limits=LIMITS, allowed=[("localhost", server.port)])

        assert server.asked == []


class TestPlaceOf:
    @pytest.mark.parametrize(
        "url",
        [
            "ftp://shop.example/a.png",
            "file:///etc/passwd",
            "gopher://shop.example/",
            "//shop.example/a.png",
            "a.png",
            "http://user:secret@shop.example/a.png",
            "http://@shop.example/a.png",
            "http://shop.example:22/a.png",
            "http://shop.example:0/a.png",
            "http://shop.example:99999/a.png",
            "http:///a.png",
            "http://[::1/a.png",
            "http://shop.example\\@other.example/",
            "http://shop.example/a\r\nX: y",
            "http://shop.example/a b.png",
            f"http://shop.example/{'a' * 2000}",
        ],
    )
    def test_refuses_what_is_no_address_of_an_image(self, url: str) -> None:
        with pytest.raises(ImageRefused):
            place_of(url)

    def test_writes_names_and_paths_as_servers_take_them(self) -> None:
        place = place_of("https://Bücher.example./hüt%20e.png?größe=1&b=2#oben")

        assert place.host == "xn--bcher-kva.example"
        assert (place.port, place.host_header) == (443, "xn--bcher-kva.example")
        assert place.target == "/h%C3%BCt%20e.png?gr%C3%B6%C3%9Fe=1&b=2"


class TestIsPublic:
    @pytest.mark.parametrize(
        "address",
        [
            "0.0.0.0",
            "10.0.0.1",
            "100.64.0.1",
            "127.0.0.1",
            "127.8.8.8",
            "168.63.129.16",
            "169.254.169.254",
            "172.16.0.1",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.1.1",
            "198.18.0.1",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::8.8.8.8",
            "::ffff:8.8.8.8",
            "::ffff:127.0.0.1",
            "64:ff9b::7f00:1",
            "64:ff9b:1::1",
            "2001:0:1::1",
            "2001:db8::1",
            "2002:7f00:1::1",
            "fc00::1",
            "fd00:ec2::254",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ],
    )
    def test_refuses_what_leads_inside(self, address: str) -> None:
        assert not is_public(address)

    @pytest.mark.parametrize("address", ["8.8.8.8", "93.184.215.14", "2606:4700::1111", "2001:4860:4860::8888"])
    def test_takes_what_does_not(self, address: str) -> None:
        assert is_public(address)

    @pytest.mark.parametrize("host", ["127.1", "2130706433", "0x7f000001", "localhost", "[::1]", "[::ffff:127.0.0.1]"])
    def test_judges_what_a_name_means_however_it_is_written(self, host: str) -> None:
        with pytest.raises(ImageRefused, match="public internet"):
            addresses_of(place_of(f"http://{host}/"))


class TestLookAt:
    @pytest.mark.parametrize(
        ("form", "ending", "content_type"),
        [
            ("JPEG", "jpg", "image/jpeg"),
            ("PNG", "png", "image/png"),
            ("GIF", "gif", "image/gif"),
            ("WEBP", "webp", "image/webp"),
            ("AVIF", "avif", "image/avif"),
        ],
    )
    def test_knows_five_kinds(self, form: str, ending: str, content_type: str) -> None:
        found = look_at(picture(form), pixels=1200)

        assert (found.ending, found.content_type) == (ending, content_type)
        assert (found.width, found.height) == (40, 30)

    @pytest.mark.parametrize("form", ["JPEG", "PNG", "GIF", "WEBP", "AVIF"])
    def test_refuses_one_that_was_cut_off(self, form: str) -> None:
        whole = picture(form)

        with pytest.raises(ImageRefused, match="broken"):
            look_at(whole[: len(whole) * 2 // 3], pixels=1200)

    @pytest.mark.parametrize("side", [101, 12_000, 20_000])
    def test_refuses_a_bomb_before_it_unpacks_it(self, side: int) -> None:
        bomb = claiming(side)

        with pytest.raises(ImageRefused, match="more than 10,000 pixels"):
            look_at(bomb, pixels=10_000)

    @pytest.mark.parametrize("make", [lambda: SCRIPT, lambda: b"<html></html>", lambda: b"", lambda: picture("BMP")])
    def test_refuses_other_kinds(self, make: Callable[[], bytes]) -> None:
        with pytest.raises(ImageRefused, match="no JPEG"):
            look_at(make(), pixels=10_000)


def claiming(side: int) -> bytes:
    """Return a small GIF whose head claims so many pixels each way."""
    small = bytearray(picture("GIF"))
    small[6:10] = side.to_bytes(2, "little") * 2
    return bytes(small)
