"""The whole shop behind PgBouncer in transaction mode, as `docker/` deploys it."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from copy import deepcopy

import psycopg
import pytest
from django.db import connections
from django.db.utils import ConnectionHandler
from pytest_django import DjangoDbBlocker

from apps.core.database.session_limits import limit_sessions
from apps.core.services.embedded import Servers
from apps.core.testing.waiting import eventually
from apps.sagas.testing import broken_histories
from ecommerce.testing.books import ledger_of, saga_status, sold_of, stock_of
from ecommerce.testing.customer import DECLINED, Customer
from ecommerce.testing.pgbouncer import PROGRAM, Bouncer, pgbouncer
from ecommerce.testing.shop import make_variants
from ecommerce.testing.stack import ALIASES, Stack

pytestmark = [
    pytest.mark.deployment,
    pytest.mark.committed(databases=ALIASES),
    pytest.mark.xdist_group("stack"),
    pytest.mark.skipif(not PROGRAM, reason="needs pgbouncer: apt-get install pgbouncer"),
]
BUYERS = 12


@pytest.fixture(scope="module")
def bouncer(
    servers: Servers,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Bouncer]:
    """PgBouncer with two connections a database, so that every process meets the others' connections all the time."""
    with (
        django_db_blocker.unblock(),
        pgbouncer(tmp_path_factory.mktemp("pgbouncer"), default_pool_size="2", reserve_pool_size="0") as running,
    ):
        yield running


@pytest.fixture(scope="module")
def stack(
    bouncer: Bouncer, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stack]:
    """The shop's processes, which know the databases by PgBouncer's address alone."""
    with django_db_blocker.unblock():
        stack = Stack(tmp_path_factory.mktemp("stack"), extra=bouncer.environment | {"BEHIND_PGBOUNCER": "true"})
    try:
        yield stack.start()
    finally:
        stack.stop()


def transactions(bouncer: Bouncer) -> dict[str, int]:
    """Return how many transactions went through PgBouncer, by database."""
    return {row["database"]: row["total_xact_count"] for row in bouncer.show("STATS")}


class TestBehindPgBouncer:
    def test_shares_two_connections_between_ten_clients(self, bouncer):
        with ExitStack() as open_clients:
            clients = [
                open_clients.enter_context(psycopg.connect(bouncer.environment["ORDERS_DATABASE_URL"], autocommit=True))
                for _ in range(10)
            ]
            servers = {client.execute("SELECT pg_backend_pid()").fetchone() for client in clients}

        assert 1 <= len(servers) <= 2

    def test_binds_the_transactions_of_the_web_and_leaves_nothing_behind(self, bouncer, settings):
        settings.BEHIND_PGBOUNCER, settings.SESSION_LIMITS = True, {"lock_timeout": 1.5}
        config = deepcopy(connections.settings["orders"])
        config |= {"HOST": "127.0.0.1", "PORT": str(bouncer.port), "PASSWORD": bouncer.passwords["orders"]}
        config |= {"USER": "orders", "OPTIONS": {"pool": False}}
        handler = ConnectionHandler({"default": {}, "orders": config})
        limit_sessions(handler)
        web = handler["orders"]

        with web.cursor() as cursor:
            web.set_autocommit(False)
            cursor.execute("SHOW lock_timeout")
            bound = cursor.fetchone()
            web.commit()
        with psycopg.connect(bouncer.environment["ORDERS_DATABASE_URL"], autocommit=True) as other:
            left = {other.execute("SHOW lock_timeout").fetchone() for _ in range(4)}
        web.close()

        assert (bound, left) == (("1500ms",), {("0",)})

    def test_sells_to_many_at_once(self, stack, bouncer):
        (variant_id,) = make_variants(stock=BUYERS)
        before = transactions(bouncer)

        def buy(_: int) -> dict[str, object]:
            customer = Customer(stack).sign_up()
            return customer.check_out(customer.fill_cart(str(variant_id)), wait_seconds=30).expect(200)

        with ThreadPoolExecutor(BUYERS) as buyers:
            orders = list(buyers.map(buy, range(BUYERS)))
        eventually(lambda: {saga_status(order["id"]) for order in orders} == {"completed"}, what="the sagas' end")

        assert {order["status"] for order in orders} == {"confirmed"}
        assert stock_of(variant_id) == (0, 0)
        assert sold_of(variant_id) == BUYERS
        assert [[kind for kind, _ in ledger_of(order["id"])] for order in orders] == [["capture"]] * BUYERS
        assert broken_histories(*(order["id"] for order in orders)) == []
        after = transactions(bouncer)
        assert all(after[name] > before.get(name, 0) for name in bouncer_databases(bouncer))
        assert {pool["pool_mode"] for pool in bouncer.show("POOLS") if pool["database"] != "pgbouncer"} == {
            "transaction"
        }

    def test_undoes_an_order_whose_card_is_declined(self, stack):
        (variant_id,) = make_variants(stock=3)
        customer = Customer(stack)

        order = customer.check_out(customer.fill_cart(str(variant_id)), card=DECLINED, wait_seconds=20).expect(200)
        eventually(lambda: saga_status(order["id"]) == "failed", what="the saga's end")

        assert order["status"] == "failed"
        assert stock_of(variant_id) == (3, 0)
        assert ledger_of(order["id"]) == []

    def test_is_ready_and_tells_its_metrics(self, stack):
        ready = Customer(stack).ask("GET", "/health/ready").expect(200)
        page = stack.http.request("GET", stack.url("/metrics")).data.decode()

        assert ready["status"] == "ready"
        assert {database["status"] for database in ready["databases"].values()} == {"up"}
        assert page.count("\ndatabase_up{") == len(ALIASES)
        assert 'database_up{service="orders"} 1.0' in page


def bouncer_databases(bouncer: Bouncer) -> list[str]:
    return [url.rpartition("/")[2] for url in bouncer.environment.values()]
