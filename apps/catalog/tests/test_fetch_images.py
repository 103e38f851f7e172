"""Images that an import noted: fetched, shown instead of the merchant's, and given back by an export."""

import json
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from apps.catalog.importing.fetching.running import (
    LEASE_SECONDS,
    TRIES,
    Claim,
    Fetched,
    fetch_images,
    retry_images,
    settle,
)
from apps.catalog.importing.terms import Terms
from apps.catalog.importing.writing import SQL
from apps.catalog.models import ImageFetch, OutboxEvent, Product, ProductVariant
from apps.core import clock

from .bad_servers import LIMITS, PNG, Server, serving
from .product_files import Desk, more, shirt
from .shelves import versions

pytestmark = pytest.mark.django_db(databases=["catalog"])
WITH_IMAGES = Terms(fetches_images=True)


@pytest.fixture
def server(settings: Any, tmp_path: Path) -> Iterator[Server]:
    settings.MEDIA_ROOT = str(tmp_path / "media")
    with serving() as found:
        settings.IMAGE_HOSTS_ALLOWED = [("localhost", found.port)]
        yield found


def at(server: Server, page: str) -> str:
    return f"http://localhost:{server.port}/{page}"


def make_due() -> None:
    ImageFetch.objects.using("catalog").update(due_at=clock.now() - timedelta(hours=1))


def the_fetch() -> ImageFetch:
    return ImageFetch.objects.using("catalog").get()


def the_product() -> Product:
    return Product.objects.using("catalog").get()


class TestFetchImages:
    def test_shows_ours_and_keeps_the_merchants_address(self, desk: Desk, server: Server, settings: Any) -> None:
        url = at(server, "good")
        desk.run(shirt(image_src=url, image_alt_text="Front", variant_image=url), terms=WITH_IMAGES)
        OutboxEvent.objects.using("catalog").all().delete()

        done = fetch_images(at_most=5, limits=LIMITS)

        assert done == Fetched(fetched=1)
        fetched = the_fetch()
        assert (fetched.state, fetched.content_type, fetched.size) == ("fetched", "image/png", len(PNG))
        assert (Path(settings.MEDIA_ROOT) / str(fetched.path)).read_bytes() == PNG
        assert the_product().images == [{"url": f"/media/{fetched.path}", "alt": "Front", "source": url}]
        variant = ProductVariant.objects.using("catalog").get()
        assert (variant.image_url, variant.metadata["image_source"]) == (f"/media/{fetched.path}", url)
        assert OutboxEvent.objects.using("catalog").count() == 1

    def test_leaves_a_round_trip_that_writes_nothing(self, desk: Desk, server: Server, tmp_path: Path) -> None:
        url = at(server, "good")
        rows = [shirt(image_src=url, variant_image=url), more(option1_value="L", variant_sku="LINEN-L")]
        desk.run(*rows, terms=WITH_IMAGES)
        fetch_images(at_most=5, limits=LIMITS)
        file = tmp_path / "out.csv"
        call_command("export_products", str(file), stdout=StringIO())
        before = versions()

        desk.run_file(file)
        desk.run(*rows, terms=WITH_IMAGES)

        assert versions() == before
        assert file.read_text().count(url) == 2
        assert "/media/" not in file.read_text()

    def test_keeps_what_somebody_edited_meanwhile(self, desk: Desk, server: Server) -> None:
        desk.run(shirt(image_src=at(server, "good")), terms=WITH_IMAGES)
        edited = [{"url": "/media/other.png"}]
        Product.objects.using("catalog").update(images=edited)

        fetch_images(at_most=5, limits=LIMITS)

        assert the_product().images == edited

    def test_notes_nothing_where_nobody_asked(self, desk: Desk, server: Server) -> None:
        desk.run(shirt(image_src=at(server, "good")))

        assert fetch_images(at_most=5, limits=LIMITS) == Fetched()
        assert server.asked == []

    def test_asks_once_for_an_image_of_many(self, desk: Desk, server: Server) -> None:
        url = at(server, "good")
        desk.run(shirt(image_src=url), shirt(handle="other", variant_sku="O", image_src=url), terms=WITH_IMAGES)

        fetch_images(at_most=5, limits=LIMITS)

        assert len(server.asked) == 1
        assert [p.images[0]["source"] for p in Product.objects.using("catalog").all()] == [url, url]

    def test_asks_no_more_for_what_is_refused_until_told_to(self, desk: Desk, server: Server) -> None:
        desk.run(shirt(image_src=at(server, "script")), terms=WITH_IMAGES)

        assert fetch_images(at_most=5, limits=LIMITS) == Fetched(refused=1)
        assert fetch_images(at_most=5, limits=LIMITS) == Fetched()
        assert (the_fetch().state, the_fetch().due_at) == ("refused", None)
        assert retry_images() == 1
        assert fetch_images(at_most=5, limits=LIMITS) == Fetched(refused=1)
        assert the_product().images == [{"url": at(server, "script")}]

    def test_asks_again_later_and_gives_up_in_the_end(self, desk: Desk, server: Server) -> None:
        desk.run(shirt(image_src=at(server, "trouble")), terms=WITH_IMAGES)

        for _ in range(TRIES - 1):
            assert fetch_images(at_most=5, limits=LIMITS) == Fetched(later=1)
            make_due()

        assert fetch_images(at_most=5, limits=LIMITS) == Fetched(refused=1)
        assert (the_fetch().state, the_fetch().error) == ("given up", "The server answered 503.")

    def test_fetches_no_more_than_it_may(self, desk: Desk, server: Server) -> None:
        images = [more(image_src=at(server, f"good/{n}"), variant_sku=f"S{n}", option1_value=f"{n}") for n in range(3)]
        desk.run(shirt(), *images, terms=WITH_IMAGES)

        assert fetch_images(at_most=2, limits=LIMITS) == Fetched(fetched=2)
        assert len(server.asked) == 2


class TestClaim:
    def test_belongs_to_one_worker_until_its_lease_ends(self, desk: Desk, server: Server) -> None:
        desk.run(shirt(image_src=at(server, "good")), terms=WITH_IMAGES)

        (first,) = SQL.rows("claim_images", Claim, lease=LEASE_SECONDS)

        assert fetch_images(at_most=5, limits=LIMITS) == Fetched()
        make_due()
        assert fetch_images(at_most=5, limits=LIMITS) == Fetched(fetched=1)
        settle(first, state="refused")
        assert the_fetch().state == "fetched"


class TestCommand:
    def test_says_what_became_of_them(self, desk: Desk, server: Server) -> None:
        desk.run(shirt(image_src=at(server, "missing")), terms=WITH_IMAGES)
        out = StringIO()

        call_command("fetch_images", "--json", stdout=out)
        call_command("fetch_images", "--retry", stdout=out)

        told, plain = out.getvalue().splitlines()
        assert json.loads(told) == {"fetched": 0, "later": 0, "refused": 1}
        assert plain == "Fetched: 0. Later: 0. Refused: 1."
