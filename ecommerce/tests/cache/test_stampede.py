"""A hundred customers ask for the same page at the moment when it has to be rendered anew: one rendering."""

import time
from collections import Counter

import pytest

from apps.catalog.caching import PRODUCT_PAGES, page_of
from apps.core.body_cache import Entry, connection, invalidate
from apps.core.testing.threads import at_once

from .webs import Shirt

pytestmark = pytest.mark.committed(databases=["catalog"])

CLIENTS = 100


def grow_old(shirt):
    """Let the kept page's time be over, as it is after an hour."""
    name = PRODUCT_PAGES._entry(shirt.slug)
    entry = Entry.decoded(connection().get(name))
    connection().set(name, Entry(entry.versions, time.time() - 1, entry.body).encoded())


def become_stale(shirt):
    invalidate([page_of(shirt.slug)])


def get_lost(shirt):
    connection().flushall()


class TestAHundredClients:
    @pytest.mark.parametrize("end", [grow_old, become_stale, get_lost])
    def test_at_two_servers_have_one_page_rendered_once(self, end, webs):
        shirt = Shirt.made()
        webs.get(shirt.page)
        end(shirt)

        with webs.counting() as answered:
            pages = at_once(*[lambda: webs.get(shirt.page)] * CLIENTS)

        assert Counter(page["price"] for page in pages) == {"1.00": CLIENTS}
        assert answered["product", "rebuilt"] == 1
        others = {outcome for cache, outcome in answered if cache == "product"} - {"rebuilt"}
        assert others <= ({"stale", "fresh"} if end is grow_old else {"awaited", "fresh"})
        assert answered.total() == CLIENTS

    def test_who_come_again_and_again_are_answered_from_the_cache(self, webs):
        shirt = Shirt.made()

        with webs.counting() as answered:
            for _ in range(CLIENTS):
                webs.get(shirt.page)

        assert answered == {("product", "rebuilt"): 1, ("product", "fresh"): CLIENTS - 1}
