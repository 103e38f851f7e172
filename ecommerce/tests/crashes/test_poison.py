"""
One poisoned order among a hundred: its step raises, kills its worker, hangs, cannot be read, or is too big.

Workers are processes of their own, one after another, each finding what the last one left. The other ninety-nine
orders are confirmed, whatever the one does.
"""

import os
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from uuid import UUID

import pytest
from django.db import connections, transaction

from apps.catalog import contracts as catalog
from apps.sagas import requests
from apps.sagas.participant import PARTICIPANTS
from apps.sagas.testing import drain
from ecommerce.testing.accounts import Judges, accounts_of
from ecommerce.testing.books import fetch, unfinished
from ecommerce.testing.mail_sink import MailLog
from ecommerce.testing.orders import place_orders
from ecommerce.testing.scores import SCORES, Score
from ecommerce.testing.shop import make_variants
from ecommerce.testing.stack import ALIASES, LANES
from ecommerce.testing.witnesses import broken_promises

from .dying import End, forked

pytestmark = [pytest.mark.chaos, pytest.mark.committed(databases=ALIASES)]

ORDERS, STOCK = 100, 1000
MOST_WORKERS = 60
LEASE_SECONDS = 2.0
"""Production's is 30 s; what follows from it is as much shorter here."""
MEGABYTES = 8

ON_VARIANT = """
CREATE FUNCTION poison() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF new.id = '{variant}' THEN {does}; END IF;
    RETURN new;
END $$;
CREATE TRIGGER poison BEFORE UPDATE ON product_variants FOR EACH ROW EXECUTE FUNCTION poison();
"""


class Hundred:
    """A hundred orders of one commit, and the one among them that is poisoned."""

    def __init__(self, spoil: Callable[[UUID], None] = lambda order_id: None) -> None:
        self.variant, self.poisoned_variant = make_variants(stock=STOCK, products=2)
        baskets = [[self.variant] for _ in range(ORDERS)]
        baskets[ORDERS // 2] = [self.poisoned_variant]
        with transaction.atomic(using="orders"):
            self.order_ids = place_orders(baskets)
            self.poisoned = self.order_ids[ORDERS // 2]
            spoil(self.poisoned)

    @property
    def others(self) -> list[UUID]:
        return [order_id for order_id in self.order_ids if order_id != self.poisoned]


@contextmanager
def poisonous(hundred: Hundred, does: str) -> Iterator[None]:
    """Have the catalogue do that whenever the poisoned variant is touched."""
    run_in_catalog(ON_VARIANT.format(variant=hundred.poisoned_variant, does=does))
    try:
        yield
    finally:
        run_in_catalog("DROP TRIGGER poison ON product_variants; DROP FUNCTION poison()")


def run_in_catalog(statements: str) -> None:
    with connections["catalog"].cursor() as cursor:
        cursor.execute(statements)


def work_in_a_hurry() -> None:
    """Work on all lanes with short leases, until nothing is due."""
    for participant in PARTICIPANTS.values():
        participant.lease_seconds = LEASE_SECONDS
    drain(LANES)


def let_workers_work(order_ids: Sequence[UUID], work: Callable[[], None] = work_in_a_hurry) -> list[End]:
    """Send one worker after another, each when the last one's leases are over, until all have ended or are held."""
    ends: list[End] = []
    while unfinished(order_ids):
        assert len(ends) < MOST_WORKERS, "the sagas do not end"
        ends.append(forked(work).end())
        fetch(
            "orders",
            "UPDATE saga_transactions SET due_at = clock_timestamp() WHERE order_id = ANY(%s) AND finished_at IS NULL"
            " RETURNING id",
            list(order_ids),
        )
    return ends


def check(what: str, hundred: Hundred, judges: Judges, *, remark: str, ends: Sequence[str], capsys) -> None:
    """The ninety-nine are confirmed, nothing is lost or doubled, and the poisoned one ended as it may."""
    found = {one.order_id: one for one in accounts_of(hundred.order_ids, judges)}
    lost = [line for one in found.values() for line in one.lost() if one.order_id != hundred.poisoned]
    lost += [line for line in found[hundred.poisoned].lost() if "held" not in ends]
    doubled = [line for one in found.values() for line in one.doubled()]
    SCORES.append(
        Score(what=what, faults={what: 1}, placed=len(found), lost=len(lost), doubled=len(doubled), remark=remark)
    )
    with capsys.disabled():
        print(f"\n{what}: {remark}")
    assert (lost, doubled) == ([], [])
    assert {found[order_id].status for order_id in hundred.others} == {"confirmed"}
    assert found[hundred.poisoned].status in ends or "held" in ends
    assert broken_promises(hundred.others, gateway=judges.gateway, mails=MailLog(judges.mailbox.parent)) == []


def why(hundred: Hundred) -> str:
    """Return why the poisoned order turned back, as its saga tells."""
    ((cause,),) = fetch(
        "orders",
        "SELECT coalesce(cause -> 'details' ->> 'error', error) FROM saga_transactions WHERE order_id = %s",
        hundred.poisoned,
    )
    return str(cause)


@pytest.mark.timeout(200)
class TestAPoisonedOrder:
    def test_that_raises_is_undone_alone(self, judges, capsys):
        hundred = Hundred()
        with poisonous(hundred, "RAISE 'this variant is poison'"):
            workers = let_workers_work(hundred.order_ids)

        remark = f"undone after {len(workers)} looks; {why(hundred)[:60]}"
        check("poison: raises", hundred, judges, remark=remark, ends=["failed"], capsys=capsys)
        assert set(workers) == {End.DONE}
        assert "this variant is poison" in why(hundred)

    def test_that_kills_its_worker_is_undone_alone(self, judges, capsys):
        hundred = Hundred()
        workers = let_workers_work(hundred.order_ids, deadly(hundred))

        deaths = workers.count(End.KILLED)
        remark = f"{deaths} workers died; {why(hundred)}"
        check("poison: kills its worker", hundred, judges, remark=remark, ends=["failed"], capsys=capsys)
        assert deaths > 0
        assert "workers died of it" in why(hundred)

    def test_that_hangs_in_the_database_is_ended_by_the_limit_of_a_statement(self, judges, capsys):
        hundred, began = Hundred(), time.monotonic()
        with poisonous(hundred, "PERFORM pg_sleep(3600)"):
            workers = let_workers_work(hundred.order_ids)

        remark = f"undone after {time.monotonic() - began:.0f} s of leases of {LEASE_SECONDS:g} s; {why(hundred)[:60]}"
        check("poison: hangs in SQL", hundred, judges, remark=remark, ends=["failed"], capsys=capsys)
        assert set(workers) == {End.DONE}
        assert "statement timeout" in why(hundred)

    def test_that_cannot_be_read_is_held_and_goes_on_once_it_is_mended(self, judges, capsys):
        kept: list[str] = []

        def spoil(order_id: UUID) -> None:
            kept.extend(fetch("orders", "SELECT data::text FROM saga_transactions WHERE order_id = %s", order_id)[0])
            write_data(order_id, '{"order_id": 1}')

        hundred = Hundred(spoil)
        let_workers_work(hundred.order_ids)
        letters = open_letters(hundred.poisoned)
        check("poison: unreadable", hundred, judges, remark="held, with a dead letter", ends=["held"], capsys=capsys)
        write_data(hundred.poisoned, kept[0])
        ((saga_id,),) = fetch("orders", "SELECT id FROM saga_transactions WHERE order_id = %s", hundred.poisoned)
        requests.ask(saga_id=saga_id, kind="retry", actor="somebody", reason="the data is mended")
        let_workers_work(hundred.order_ids)

        assert letters == 1
        assert [one.status for one in accounts_of([hundred.poisoned], judges)] == ["confirmed"]
        assert open_letters(hundred.poisoned) == 0

    def test_that_is_too_big_holds_up_nobody(self, judges, capsys):
        def spoil(order_id: UUID) -> None:
            fetch(
                "orders",
                "UPDATE saga_transactions SET data = jsonb_set(data, '{lines,0,title}', to_jsonb(repeat('x', %s)))"
                " WHERE order_id = %s RETURNING id",
                MEGABYTES << 20,
                order_id,
            )

        hundred = Hundred(spoil)
        workers = let_workers_work(hundred.order_ids)

        ((status,),) = fetch("orders", "SELECT status FROM orders WHERE id = %s", hundred.poisoned)
        remark = f"{MEGABYTES} MB of data; {status}"
        check("poison: too big", hundred, judges, remark=remark, ends=["confirmed", "failed"], capsys=capsys)
        assert set(workers) == {End.DONE}


def deadly(hundred: Hundred) -> Callable[[], None]:
    """Return the work of a worker that dies when it is to hold the poisoned order's stock."""

    def work() -> None:
        reserve = PARTICIPANTS["catalog"].handler(catalog.ReserveInventory)
        assert reserve is not None

        def die(commands: Sequence[catalog.ReserveInventory]) -> object:
            if any(command.order_id == hundred.poisoned for command in commands):
                os.kill(os.getpid(), signal.SIGKILL)
            return reserve(commands)

        PARTICIPANTS["catalog"].handles(catalog.ReserveInventory)(die)  # type: ignore[arg-type]
        work_in_a_hurry()

    return work


def write_data(order_id: UUID, data: str) -> None:
    fetch("orders", "UPDATE saga_transactions SET data = %s WHERE order_id = %s RETURNING id", data, order_id)


def open_letters(order_id: UUID) -> int:
    return int(
        fetch(
            "orders",
            "SELECT count(*) FROM saga_dead_letters l JOIN saga_transactions s ON s.id = l.saga_id"
            " WHERE s.order_id = %s AND l.state = 'open'",
            order_id,
        )[0][0]
    )
