"""Whoever asks after a price's commit has returned is told that price, at whichever server, whatever the cache does."""

import time

import pytest

from apps.catalog.models import Product
from apps.core.body_cache import OWED
from apps.core.testing.waiting import eventually

from .webs import Reading, Shirt

pytestmark = pytest.mark.committed(databases=["catalog"])

READERS = 16
SECONDS = 2.5


@pytest.fixture
def shirt():
    shirt = Shirt.made()
    # So that a list can be asked for that holds nothing else.
    Product.objects.using("catalog").filter(id=shirt.id).update(vendor=shirt.slug)
    return shirt


@pytest.fixture
def reading(webs, shirt):
    reading = Reading(webs, shirt)
    yield reading
    assert reading.failed == []


def change_for(shirt, seconds, *, every=0.02):
    """Change the price again and again."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        shirt.change()
        time.sleep(every)


class TestAPrice:
    def test_is_never_older_than_the_last_commit_before_the_question(self, webs, shirt, reading):
        with webs.counting() as answered, reading.by(READERS):
            change_for(shirt, SECONDS)

        print(f"{reading.answers} answers while the price changed {shirt.price} times: {dict(answered)}")
        assert reading.stale == []
        assert shirt.price > 20
        assert reading.answers > 10 * READERS
        assert answered["product", "fresh"] > 0
        assert answered["product", "rebuilt"] > 20

    def test_is_never_older_while_the_cache_is_emptied_again_and_again(self, valkey, shirt, reading):
        with reading.by(READERS):
            for _ in range(10):
                change_for(shirt, 0.2)
                valkey.flush()

        assert reading.stale == []
        assert shirt.price > 20

    def test_is_right_while_the_cache_is_down(self, valkey, webs, shirt, reading):
        valkey.kill()
        try:
            with webs.counting() as answered, reading.by(READERS):
                change_for(shirt, SECONDS)
        finally:
            valkey.start()
        eventually(lambda: not OWED)

        assert reading.stale == []
        assert shirt.price > 20
        assert answered["product", "unreachable"] > 10
        assert answered["product", "fresh"] == 0

    def test_is_right_while_the_cache_hangs_and_a_moment_after_it_goes_on(self, valkey, webs, shirt, reading):
        webs.get(shirt.page)
        valkey.freeze()
        try:
            with reading.by(READERS):
                change_for(shirt, 2.0)
                thawed_at = time.monotonic()
                valkey.thaw()
                change_for(shirt, SECONDS)
        finally:
            valkey.thaw()
        eventually(lambda: not OWED)

        assert [stale for stale in reading.stale if not thawed_at - 0.5 < stale[0] < thawed_at + 1] == []
        assert [webs.get(shirt.page, stack=stack)["price"] for stack in webs.stacks] == [f"{shirt.price}.00"] * 2
