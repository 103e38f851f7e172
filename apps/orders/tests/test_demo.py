"""The command `demo`: what it loads, and what it says where it cannot work."""

import socket
from io import StringIO
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command

from apps.catalog.selectors import count_products, list_products
from apps.catalog.tests.factories import VariantFactory
from apps.orders.demo.callers import Call, sentence_of

ORDER = "/orders/01a20bda-4c33-7290-bdae-2339ce72ed0f/"


def demo(*arguments: str) -> str:
    said = StringIO()
    call_command("demo", *arguments, stdout=said)
    return said.getvalue()


def nobodys_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


@pytest.mark.django_db(databases=["catalog", "accounts"])
class TestLoading:
    @pytest.fixture(autouse=True)
    def media(self, settings: LazySettings, tmp_path: Path) -> None:
        settings.MEDIA_ROOT = tmp_path

    def test_opens_the_shop_and_makes_the_accounts(self) -> None:
        said = demo("--load")

        assert said.startswith("Lantern Quay opens: 42 products in 99 variants")
        assert "mara@example.com" in said
        assert list_products().count() == 42

    def test_makes_no_accounts_where_the_settings_allow_none(self, settings: LazySettings) -> None:
        settings.DEMO_ACCOUNTS = False

        assert "@example.com" not in demo("--load")
        assert count_products() == 42

    def test_leaves_a_catalogue_with_products_alone(self) -> None:
        VariantFactory()

        assert demo("--load").startswith("The catalogue has products")
        assert list_products().count() == 1


class TestWithoutAShop:
    def test_says_how_to_start_one(self) -> None:
        url = f"http://127.0.0.1:{nobodys_port()}"

        with pytest.raises(CommandError) as refusal:
            demo("--url", url)

        assert str(refusal.value) == (
            f"No shop answers at {url}: start it with `make run`, or let `manage.py demo --standalone` start one."
        )


class TestWhatIsTold:
    def test_cuts_ids_down(self) -> None:
        assert Call("GET", ORDER, 200, 12.0, "").short_path == "/orders/…ed0f/"

    def test_names_the_wrong_fields_of_a_problem(self) -> None:
        problem = {"title": "Invalid", "detail": "Some fields are wrong.", "errors": {"email": ["It is taken."]}}

        assert sentence_of(problem) == 'Some fields are wrong. {"email": ["It is taken."]}'
