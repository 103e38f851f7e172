"""Two people give up the refund of a return that the gateway refuses for ever, while workers die: told once, closed."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest

from apps.payments.testing import RunningGateway
from apps.sagas import requests
from apps.sagas.testing import drain
from ecommerce.testing.books import fetch, ledger_of, stock_of
from ecommerce.testing.shop import PRICE
from ecommerce.testing.stack import ALIASES, LANES

from .dying import End, recover, work_and_meet
from .returning import BACK, STOCK, Returned, check_nobody_objects, receive

pytestmark = pytest.mark.committed(databases=ALIASES)

POINTS = (
    "after_claim",
    "before_intent_commit",
    "after_intent",
    "after_perform",
    "before_record_commit",
    "after_record",
    "before_settle_commit",
    "after_settle",
)


@pytest.fixture
def stubborn(gateway: RunningGateway) -> Iterator[RunningGateway]:
    """The gateway, which refuses refunds."""
    gateway.fault("refuse", operation="refund", count=-1)
    yield gateway
    gateway.mend()


def parked(gateway: RunningGateway) -> tuple[Returned, UUID]:
    """A return whose goods are the shop's, and whose refund has spent its tries; with its saga."""
    made = receive(BACK, gateway)
    for _ in range(8):
        drain(LANES)
        fetch(
            "orders", "UPDATE saga_transactions SET due_at = now() WHERE subject_id = %s RETURNING id", made.receipt_id
        )
    ((saga_id, states),) = fetch(
        "orders", "SELECT id, states FROM saga_transactions WHERE subject_id = %s", made.receipt_id
    )
    assert "parked" in str(states)
    return made, saga_id


def waived_by(actor: str, saga_id: UUID) -> requests.Answer:
    return requests.ask(saga_id=saga_id, kind="waive", actor=actor, reason="Paid by bank transfer.")


class TestAWaivedRefundOfAReturn:
    @pytest.mark.parametrize("point", POINTS)
    def test_is_noted_once_wherever_its_worker_dies(self, point: str, stubborn: RunningGateway, mailbox: Path) -> None:
        made, saga_id = parked(stubborn)
        assert waived_by("ines@example.com", saga_id).granted
        assert waived_by("omar@example.com", saga_id).granted

        assert work_and_meet(point, "kill") is End.KILLED
        recover(made.order_id)

        assert fetch("orders", "SELECT status FROM order_returns WHERE id = %s", made.return_id) == [("closed",)]
        assert ledger_of(made.order_id) == [("capture", 2 * PRICE), ("waiver", -2 * PRICE)]
        assert [stock_of(variant) for variant in made.bought.variants] == [(STOCK, 0), (STOCK - 1, 0)]
        assert [Decimal(one["refunded"]) for one in stubborn.charges(made.order_id)] == [0]
        check_nobody_objects(made, stubborn, mailbox)

    def test_that_landed_all_the_same_is_noted_as_given_back(self, gateway: RunningGateway, mailbox: Path) -> None:
        gateway.fault("reset_with_effect", operation="refund", count=1)
        gateway.fault("error", operation="find_refunds", count=-1)
        made, saga_id = parked(gateway)
        gateway.mend()
        assert waived_by("ines@example.com", saga_id).granted
        assert waived_by("omar@example.com", saga_id).granted

        recover(made.order_id)

        assert ledger_of(made.order_id) == [("capture", 2 * PRICE), ("refund", -2 * PRICE)]
        assert [Decimal(one["refunded"]) for one in gateway.charges(made.order_id)] == [2 * PRICE]
        check_nobody_objects(made, gateway, mailbox)
