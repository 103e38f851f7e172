"""Somebody freezes with a lock in hand: the web answers 503 soon, and keeps nobody waiting itself."""

import os
import signal
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import psycopg
import pytest
from pytest_django import DjangoDbBlocker

from apps.core.services.embedded import Servers
from apps.core.testing.waiting import eventually
from ecommerce.testing.books import fetch
from ecommerce.testing.customer import Customer
from ecommerce.testing.processes import PYTHON
from ecommerce.testing.shop import make_variants
from ecommerce.testing.stack import ALIASES, Stack, database_url

pytestmark = [pytest.mark.committed(databases=ALIASES), pytest.mark.xdist_group("stack")]

LIMITS = {
    "a lock": {"WEB_LOCK_SECONDS": "1", "WEB_STATEMENT_SECONDS": "20"},
    "a statement": {"WEB_LOCK_SECONDS": "0", "WEB_STATEMENT_SECONDS": "1"},
    "silence": {"WEB_IDLE_SECONDS": "1", "FAILPOINTS": "before_begin_commit=stop:1"},
}
HOLDER = """
import sys, time, psycopg
with psycopg.connect(sys.argv[1]) as connection:
    connection.execute("SELECT 1 FROM shopping_carts WHERE id = %s FOR UPDATE", [sys.argv[2]])
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def stack(
    request: pytest.FixtureRequest,
    servers: Servers,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path: os.PathLike[str],
) -> Iterator[Stack]:
    """A shop whose web alone runs, bound as the test says."""
    with django_db_blocker.unblock():
        stack = Stack(tmp_path / "stack", extra=LIMITS[request.param])
        try:
            stack.start_judges()
            stack.start_web()
            yield stack
        finally:
            stack.web.kill()
            stack.stop()


@contextmanager
def frozen_holder(cart_id: str) -> Iterator[None]:
    """A process that froze while it held a cart's row."""
    holder = subprocess.Popen(
        [PYTHON, "-c", HOLDER, database_url("orders"), cart_id], stdout=subprocess.PIPE, text=True
    )
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        holder.send_signal(signal.SIGSTOP)
        yield
    finally:
        holder.kill()
        holder.wait()
        assert holder.stdout is not None
        holder.stdout.close()


class TestAFrozenHolderOfALock:
    @pytest.mark.parametrize("stack", ["a lock", "a statement"], indirect=True)
    def test_is_a_503_that_says_when_to_ask_again(self, stack):
        (variant_id,) = make_variants(stock=1)
        customer = Customer(stack)
        cart_id = customer.fill_cart(str(variant_id))

        with frozen_holder(cart_id):
            busy = customer.check_out(cart_id, key="frozen")
        again = customer.check_out(cart_id, key="frozen")

        assert (busy.status, busy.headers["Content-Type"]) == (503, "application/problem+json")
        assert (busy.headers["Retry-After"], busy.body["code"]) == ("1", "database_busy")
        assert again.status == 202


class TestAFrozenWeb:
    @pytest.mark.parametrize("stack", ["silence"], indirect=True)
    def test_gives_up_its_locks_and_answers_503_when_it_wakes(self, stack):
        (variant_id,) = make_variants(stock=1)
        customer = Customer(stack)
        cart_id = customer.fill_cart(str(variant_id))

        with ThreadPoolExecutor(1) as pool, psycopg.connect(database_url("orders")) as other:
            frozen = pool.submit(customer.check_out, cart_id, key="frozen")
            eventually(lambda: locked(cart_id), what="the web's lock")
            other.execute("SET lock_timeout = '10s'")
            other.execute("SELECT 1 FROM shopping_carts WHERE id = %s FOR UPDATE", [cart_id])
            other.rollback()
            assert stack.web.process is not None
            os.killpg(stack.web.process.pid, signal.SIGCONT)
            woken = frozen.result()
        again = customer.check_out(cart_id, key="frozen")

        assert (woken.status, woken.body["code"], woken.headers["Retry-After"]) == (503, "database_unavailable", "5")
        assert again.status == 202
        assert fetch("orders", "SELECT count(*) FROM orders WHERE email = %s", customer.email) == [(1,)]


def locked(cart_id: str) -> bool:
    """Tell whether somebody holds the row of a cart."""
    with psycopg.connect(database_url("orders")) as connection:
        return not connection.execute(
            "SELECT 1 FROM shopping_carts WHERE id = %s FOR UPDATE SKIP LOCKED", [cart_id]
        ).fetchall()
