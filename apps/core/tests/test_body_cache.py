"""Finished bodies in the cache."""

import socket
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event

import pytest
import time_machine
from django.conf import settings
from django.test import override_settings

from apps.core.body_cache import OWED, RENDERING, Body, BodyCache, connection, invalidate, prefixed, tag_key
from apps.core.circuit import CACHE
from apps.core.etag import etag_of
from apps.core.exceptions import NotFound
from apps.core.ids import new_id
from apps.core.testing.waiting import eventually

pytestmark = pytest.mark.usefixtures("own_cache")

SHIRTS = BodyCache("shirts", seconds=300)


class Shop:
    """Renders what the database would say, and counts how often it is asked."""

    def __init__(self, says: bytes | None = b'{"price": "49.00"}') -> None:
        self.says, self.asked = says, 0

    def render(self) -> bytes:
        self.asked += 1
        if self.says is None:
            raise NotFound("There is no such shirt.")
        return self.says

    def fetch(self, *, tags: tuple[str, ...] = ("shirts",)) -> bytes:
        return SHIRTS.fetch("linen", tags=tags, render=self.render).content


@pytest.fixture
def shop():
    return Shop()


@contextmanager
def rebuilding_slowly(says: bytes):
    """Another request renders the linen shirt meanwhile; it ends when it may."""
    began, may_end = Event(), Event()

    def slow() -> bytes:
        began.set()
        assert may_end.wait(timeout=10)
        return says

    with ThreadPoolExecutor(1) as threads:
        rebuilt = threads.submit(SHIRTS.fetch, "linen", tags=["shirts"], render=slow)
        assert began.wait(timeout=10)
        try:
            yield rebuilt, may_end
        finally:
            may_end.set()


def pointing_at(address: str):
    default = settings.CACHES["default"] | {"LOCATION": address}
    return override_settings(CACHES=settings.CACHES | {"default": default})


class TestFetch:
    def test_renders_once_and_answers_the_same_bytes_and_tag_again(self, shop):
        answers = [SHIRTS.fetch("linen", tags=["shirts"], render=shop.render) for _ in range(3)]

        assert answers == [Body(b'{"price": "49.00"}', etag_of(b'{"price": "49.00"}'))] * 3
        assert shop.asked == 1

    def test_keeps_bodies_with_line_ends_whole(self):
        shop = Shop(b"one\ntwo\n\nthree")

        assert [shop.fetch(), shop.fetch()] == [b"one\ntwo\n\nthree"] * 2

    def test_keeps_keys_apart(self, shop):
        shop.fetch()

        other = SHIRTS.fetch("wool", tags=["shirts"], render=lambda: b"another")

        assert other.content == b"another"

    def test_renders_again_when_a_tag_was_invalidated(self, shop):
        shop.fetch(tags=("shirts", "categories"))
        shop.says = b"new"

        invalidate(["categories"])

        assert shop.fetch(tags=("shirts", "categories")) == b"new"
        assert shop.asked == 2

    def test_stays_when_another_tag_was_invalidated(self, shop):
        shop.fetch()

        invalidate(["trousers"])

        shop.fetch()
        assert shop.asked == 1

    def test_renders_again_when_its_time_is_over(self, shop):
        with time_machine.travel("2026-05-04T12:00Z", tick=False) as clock:
            shop.fetch()
            clock.shift(299)
            shop.fetch()
            assert shop.asked == 1

            clock.shift(1)
            shop.fetch()
            assert shop.asked == 2

    def test_does_not_keep_that_there_is_nothing(self):
        shop = Shop(None)

        for _ in range(2):
            with pytest.raises(NotFound):
                shop.fetch()

        assert shop.asked == 2

    def test_forgets_the_body_of_what_is_gone(self, shop):
        shop.fetch()
        shop.says = None
        invalidate(["shirts"])

        with pytest.raises(NotFound):
            shop.fetch()

        assert connection().get(prefixed("body:shirts:linen")) is None

    def test_lets_one_request_rebuild_what_is_only_old_while_the_others_get_it_as_it_is(self, shop):
        with time_machine.travel("2026-05-04T12:00Z", tick=False) as clock:
            shop.fetch()
            clock.shift(300)
            with rebuilding_slowly(b"new") as (rebuilt, may_end):
                stale = [shop.fetch() for _ in range(5)]
                may_end.set()
                answer = rebuilt.result(timeout=10)

            assert stale == [b'{"price": "49.00"}'] * 5
            assert answer.content == b"new"
            assert shop.fetch() == b"new"
        assert shop.asked == 1

    @pytest.mark.parametrize("is_kept", [True, False], ids=["invalidated", "never rendered"])
    def test_lets_one_request_render_what_is_not_there_while_the_others_wait_for_it(self, shop, is_kept):
        if is_kept:
            shop.fetch()
        invalidate(["shirts"])
        asked = shop.asked

        with rebuilding_slowly(b"new") as (rebuilt, may_end), ThreadPoolExecutor(5) as others:
            waiting = [others.submit(shop.fetch) for _ in range(5)]
            time.sleep(0.05)
            assert [request.done() for request in waiting] == [False] * 5
            may_end.set()

            assert [request.result(timeout=10) for request in waiting] == [b"new"] * 5
            assert rebuilt.result(timeout=10).content == b"new"
        assert shop.asked == asked

    def test_renders_anew_for_who_came_after_a_change_that_came_after_the_rendering(self, shop):
        with rebuilding_slowly(b"old") as (rebuilt, may_end):
            invalidate(["shirts"])
            shop.says = b"new"
            assert shop.fetch() == b"new"
            may_end.set()
            assert rebuilt.result(timeout=10).content == b"old"

        assert shop.fetch() == b"new"

    def test_makes_nobody_wait_for_a_rebuild_of_which_nothing_comes(self, shop):
        shop.says = None
        with pytest.raises(NotFound):
            shop.fetch()

        started_at = time.monotonic()
        for _ in range(20):
            with pytest.raises(NotFound):
                shop.fetch()

        assert shop.asked == 21
        assert time.monotonic() - started_at < 0.5

    def test_renders_for_itself_when_the_one_it_waits_for_has_died(self, shop):
        _, versions = SHIRTS._read("linen", ["shirts"])
        connection().set(SHIRTS._lock("linen", versions), RENDERING, px=200)

        assert shop.fetch() == b'{"price": "49.00"}'
        assert shop.asked == 1

    def test_lets_the_next_request_rebuild_when_the_first_failed(self, shop):
        shop.fetch()
        invalidate(["shirts"])
        with pytest.raises(ZeroDivisionError):
            SHIRTS.fetch("linen", tags=["shirts"], render=lambda: b"%d" % (1 // 0))
        shop.says = b"new"

        assert shop.fetch() == b"new"

    def test_does_not_take_a_body_for_fresh_that_was_read_before_the_change(self, shop):
        def overtaken() -> bytes:
            invalidate(["shirts"])
            return b"old"

        SHIRTS.fetch("linen", tags=["shirts"], render=overtaken)
        shop.says = b"new"

        assert shop.fetch() == b"new"

    def test_takes_no_old_body_for_fresh_after_the_number_of_its_tag_was_lost(self, shop):
        shop.fetch()
        invalidate(["shirts"])
        connection().delete(tag_key("shirts"))
        shop.says = b"new"

        assert shop.fetch() == b"new"


class TestWithoutTheCache:
    def test_every_body_is_rendered(self, shop):
        with pointing_at("unix:///nowhere/valkey.sock"):
            assert [shop.fetch(), shop.fetch()] == [b'{"price": "49.00"}'] * 2

        assert shop.asked == 2

    def test_a_cache_that_hangs_costs_one_time_out_not_one_a_request(self, shop, tmp_path):
        address = f"/tmp/hanging-{new_id().hex[-12:]}.sock"
        with socket.socket(socket.AF_UNIX) as hanging, pointing_at(f"unix://{address}"):
            hanging.bind(address)
            hanging.listen(64)

            started_at = time.monotonic()
            shop.fetch()
            first_seconds = time.monotonic() - started_at
            for _ in range(20):
                shop.fetch()
            others_seconds = time.monotonic() - started_at - first_seconds

        assert shop.asked == 21
        assert 0.4 < first_seconds < 1.5
        assert others_seconds < 0.2

    def test_what_became_stale_meanwhile_is_told_when_it_is_back(self, shop):
        shop.fetch()
        before = connection().get(tag_key("shirts"))
        with pointing_at("unix:///nowhere/valkey.sock"):
            invalidate(["shirts"])
            assert set(OWED) == {"shirts"}
        # Nobody reads the cache meanwhile, and no circuit closes.
        eventually(lambda: not OWED)

        assert int(connection().get(tag_key("shirts"))) == int(before) + 1
        shop.says = b"new"
        assert shop.fetch() == b"new"

    def test_who_reads_first_tells_what_became_stale(self, shop):
        shop.fetch()
        with pointing_at("unix:///nowhere/valkey.sock"):
            invalidate(["shirts"])
        CACHE.reset()
        shop.says = b"new"

        assert shop.fetch() == b"new"
        assert not OWED
