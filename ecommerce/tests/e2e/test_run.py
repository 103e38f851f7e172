"""What a newcomer sees after `make run`: addresses that answer, a login that works, an order that is confirmed."""

import http.cookiejar
import re
import signal
import urllib.parse
import urllib.request

import pytest

from apps.core.services.addresses import Checkout
from apps.core.services.embedded import Servers
from ecommerce.testing.customer import Customer

from .conftest import RunningShop

pytestmark = pytest.mark.e2e


class TestRun:
    def test_prints_addresses_that_answer(self, shop: RunningShop) -> None:
        addresses = re.findall(rf"http://127\.0\.0\.1:{shop.port}(/\S*)", shop.printed)

        assert addresses == ["/", "/api/docs/", "/admin/", "/metrics", "/health/ready"]
        for address in addresses:
            assert urllib.request.urlopen(shop.url(address), timeout=20).status == 200

    def test_prints_a_login_that_opens_the_back_office(self, shop: RunningShop) -> None:
        email, password = re.search(r"^admin +(\S+) +(\S+)$", shop.printed, re.MULTILINE).groups()
        browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
        form = browser.open(shop.url("/admin/login/")).read().decode()
        csrf = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', form)[1]

        fields = {"username": email, "password": password, "csrfmiddlewaretoken": csrf, "next": "/admin/"}
        page = browser.open(shop.url("/admin/login/"), urllib.parse.urlencode(fields).encode())

        assert (page.status, urllib.parse.urlsplit(page.url).path) == (200, "/admin/")

    def test_sells_from_the_demo_shop(self, shop: RunningShop) -> None:
        customer = Customer(shop).sign_up()
        products = customer.ask("GET", "/api/v1/products/?in_stock=true").expect(200)["results"]
        product = customer.ask("GET", f"/api/v1/products/{products[0]['slug']}/").expect(200)
        variant = next(one for one in product["variants"] if one["in_stock"])

        cart_id = customer.fill_cart(variant["id"])
        order = customer.check_out(cart_id, wait_seconds=20).expect(200)

        assert order["status"] == "confirmed"

    def test_starts_again_within_eight_seconds_and_keeps_what_was_sold(self, shop: RunningShop) -> None:
        pages = shop.http.request("GET", shop.url("/api/v1/products/")).data
        assert shop.stop() == 0

        shop.start()

        assert shop.processor_seconds < 8
        assert shop.http.request("GET", shop.url("/api/v1/products/")).data == pages
        assert "Lantern Quay opens" not in shop.printed

    def test_recovers_when_it_was_killed(self, shop: RunningShop) -> None:
        shop.process.kill()
        shop.process.wait()

        shop.start(once_printed="Ctrl-C stops everything.")

        assert shop.printed.startswith("Ended the processes of an earlier run that was killed.")

    def test_takes_everything_down_with_it(self, shop: RunningShop) -> None:
        assert shop.stop(signal.SIGTERM) == 0

        assert refuses(shop)
        servers = Servers(["accounts"], Checkout(shop.checkout))
        assert [status.pid for status in servers.status()] == [None, None]
        shop.start()


def refuses(shop: RunningShop) -> bool:
    try:
        urllib.request.urlopen(shop.url("/health/live"), timeout=2)
    except OSError:
        return True
    return False
