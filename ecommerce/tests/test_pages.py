"""The pages that are no API: the front door, the documentation, the problems."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
import yaml
from django.contrib.staticfiles import finders
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.core.management import call_command
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.test.utils import override_settings
from django.urls import path, reverse

from ecommerce import urls
from ecommerce.front_door import ADDRESSES, APPS


class Addresses(HTMLParser):
    """Every address that a page makes its browser fetch, or offers to follow."""

    def __init__(self) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.followed: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, address in attrs:
            if name == "src" or (tag == "link" and name == "href"):
                self.fetched.append(address or "")
            elif name == "href":
                self.followed.append(address or "")


def addresses(page: str) -> Addresses:
    found = Addresses()
    found.feed(page)
    return found


def page(address: str) -> str:
    response = Client().get(address)
    assert response.status_code == 200, address
    return response.content.decode()


class TestFrontDoor:
    def test_leads_to_everything(self):
        assert [reverse(name) for name, *_ in ADDRESSES] == addresses(page("/")).followed[1:]

    def test_needs_nothing_from_anywhere_else(self):
        assert [address for address in addresses(page("/")).fetched if not address.startswith("data:")] == []

    def test_says_what_runs_here(self):
        assert all(f"<dt>{name}</dt>" in page("/") for name in APPS)

    def test_shows_calls_to_this_very_address(self):
        text = Client().get("/", headers={"Host": "localhost:8123"}).content.decode()

        assert "curl -s 'http://localhost:8123/api/v1/products/?limit=3'" in text

    def test_shows_calls_that_the_api_knows(self):
        known = set(document()["paths"])
        shown = {re.sub(r"\$CART", "{cart_id}", path) for path in re.findall(r"testserver(/api/v1/[^?' ]*)", page("/"))}

        assert shown
        assert shown <= known


def document() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(page("/api/schema/"))
    return loaded


def operations() -> Iterator[tuple[str, dict[str, Any]]]:
    for address, methods in document()["paths"].items():
        for method, operation in methods.items():
            yield f"{method} {address}", operation


class TestDocumentation:
    def test_works_without_a_network(self):
        fetched = [found.removeprefix("/static/") for found in addresses(page("/api/docs/")).fetched]

        assert fetched
        assert [name for name in fetched if not finders.find(name)] == []

    def test_is_openapi_3_1(self):
        assert str(document()["openapi"]).startswith("3.1.")

    def test_is_valid_and_drawn_without_a_warning(self, tmp_path):
        call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(tmp_path / "schema.yaml"))

    def test_says_of_every_operation_what_its_problems_look_like(self):
        silent = [name for name, operation in operations() if "default" not in operation["responses"]]

        assert silent == []

    def test_gives_every_operation_a_title(self):
        untitled = [name for name, operation in operations() if not operation["summary"]]

        assert untitled == []

    def test_leaves_no_operation_without_an_answer_of_success(self):
        silent = [
            name for name, operation in operations() if not any(s.startswith("2") for s in operation["responses"])
        ]

        assert silent == []


class TestProblems:
    def test_are_listed_with_their_status_and_meaning(self):
        text = page("/api/problems/")

        assert "<code>throttled</code>" in text
        assert "idempotency_key_reused" in text
        assert "port_taken" not in text

    def test_are_explained_where_their_type_leads(self):
        problem = Client().get("/api/v1/nowhere/").json()

        assert "not_found" in page(problem["type"])

    def test_that_do_not_exist_are_not_found(self):
        assert Client().get("/api/problems/no_such_problem/").status_code == 404


class TestAddresses:
    def test_of_the_api_that_nobody_serves_are_a_problem(self):
        response = Client().get("/api/v1/nowhere/")

        assert (response.status_code, response["Content-Type"]) == (404, "application/problem+json")

    def test_without_their_last_slash_lead_to_the_one_with_it(self):
        response = Client().post("/api/v1/auth/login?next=1", {}, content_type="application/json")

        assert (response.status_code, response["Location"]) == (308, "/api/v1/auth/login/?next=1")

    @pytest.mark.parametrize("address", ["/api/v1/products/%00/", "/api/v1/products/?search=%00", "/?x=%00"])
    def test_with_a_character_that_no_database_holds_are_refused(self, address):
        response = Client().get(address)

        assert (response.status_code, response.json()["code"]) == (400, "bad_request")

    def test_elsewhere_that_nobody_serves_are_a_page(self):
        response = Client().get("/nowhere/")

        assert response.status_code == 404
        assert response["Content-Type"].startswith("text/html")


def refuse(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied


def suspect(request: HttpRequest) -> HttpResponse:
    raise SuspiciousOperation("the secret of the shop")


def fail(request: HttpRequest) -> HttpResponse:
    """Stand for a view with a mistake in it."""
    raise ZeroDivisionError("the secret of the shop")


def lose_the_database(request: HttpRequest) -> HttpResponse:
    raise OperationalError("connection to 10.0.0.7 refused")


urlpatterns = [
    path("api/v1/failing/", fail),
    path("api/v1/cut-off/", lose_the_database),
    path("failing/", fail),
    path("refused/", refuse),
    path("suspicious/", suspect),
    *urls.urlpatterns,
]
handler400, handler403, handler404, handler500 = urls.handler400, urls.handler403, urls.handler404, urls.handler500


class TestFailures:
    client = Client(raise_request_exception=False)

    @pytest.fixture(autouse=True)
    def at_these_addresses(self) -> Iterator[None]:
        with override_settings(ROOT_URLCONF=__name__):
            yield

    def test_of_the_api_tell_nothing_but_where_to_look(self):
        response = self.client.get("/api/v1/failing/")

        body = response.json()
        assert (response.status_code, body["code"]) == (500, "internal_error")
        assert body["request_id"] == response["X-Request-ID"]
        assert b"secret" not in response.content

    def test_of_a_database_say_when_to_come_back(self):
        response = self.client.get("/api/v1/cut-off/")

        assert (response.status_code, response.json()["code"]) == (503, "database_unavailable")
        assert response["Retry-After"] == "5"
        assert b"10.0.0.7" not in response.content

    @pytest.mark.parametrize(
        ("address", "status", "heading"),
        [
            ("/nowhere/", 404, "Nothing has this address"),
            ("/refused/", 403, "Not for this account"),
            ("/suspicious/", 400, "This request makes no sense"),
            ("/failing/", 500, "Something failed here"),
        ],
    )
    def test_of_pages_say_in_words_what_it_is(self, address, status, heading):
        response = self.client.get(address)

        assert response.status_code == status
        assert f"<h1>{heading}</h1>" in response.content.decode()
        assert b"secret" not in response.content

    def test_of_a_form_that_is_out_of_date_say_what_to_do(self):
        response = Client(enforce_csrf_checks=True).post("/admin/login/", {"username": "ada"})

        assert response.status_code == 403
        assert "reload the page" in response.content.decode()


class TestPagePolicy:
    @pytest.mark.parametrize("address", ["/", "/api/docs/", "/api/problems/", "/nowhere/"])
    def test_lets_a_page_talk_to_this_shop_alone(self, address):
        policy = Client().get(address)["Content-Security-Policy"]

        assert "default-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "//" not in policy

    def test_is_not_sent_with_data(self):
        assert "Content-Security-Policy" not in Client().get("/api/v1/nowhere/").headers
