"""Two people give up a refund that the gateway refuses for ever, while workers die: the ledger hears of it once."""

from uuid import UUID

import pytest

from apps.payments.selectors import list_ledger_findings
from apps.payments.services import check_gateway
from apps.payments.testing import RunningGateway
from apps.sagas import requests
from apps.sagas.testing import drain
from apps.sagas.verification import find_broken_histories
from ecommerce.testing.books import fetch, ledger_of, saga_status, stock_of
from ecommerce.testing.shop import PRICE
from ecommerce.testing.stack import ALIASES, LANES

from .dying import End, forked, recover, work_and_die, work_and_meet
from .stories import OVERDUE, begin, let_the_deadline_pass

pytestmark = pytest.mark.committed(databases=ALIASES)


def refused_for_ever(gateway: RunningGateway) -> tuple[UUID, UUID, list[UUID]]:
    """An order that is charged and overdue, whose refund is parked; with its saga and its variants."""
    order_id, variants = begin(OVERDUE)
    assert work_and_die("after_record", at_pass=1)
    gateway.fault("refuse", operation="refund", count=-1)
    let_the_deadline_pass(order_id)
    for _ in range(8):
        drain(LANES)
        fetch("orders", "UPDATE saga_transactions SET due_at = now() WHERE order_id = %s RETURNING id", order_id)
    ((saga_id, states),) = fetch("orders", "SELECT id, states FROM saga_transactions WHERE order_id = %s", order_id)
    assert "comp_parked" in str(states)
    return order_id, saga_id, variants


def waived_by(actor: str, saga_id: UUID) -> requests.Answer:
    return requests.ask(saga_id=saga_id, kind="waive", actor=actor, reason="Paid by bank transfer.")


@pytest.fixture
def stubborn(gateway: RunningGateway):
    """The gateway, which may refuse refunds meanwhile."""
    yield gateway
    gateway.mend()


class TestAWaiver:
    @pytest.mark.parametrize(
        "point",
        [
            "after_claim",
            "before_intent_commit",
            "after_intent",
            "after_perform",
            "before_record_commit",
            "after_record",
            "before_settle_commit",
            "after_settle",
        ],
    )
    def test_is_noted_once_wherever_its_worker_dies(self, point: str, stubborn: RunningGateway) -> None:
        order_id, saga_id, variants = refused_for_ever(stubborn)
        assert waived_by("ines@example.com", saga_id).granted
        assert waived_by("omar@example.com", saga_id).granted

        assert work_and_meet(point, "kill") is End.KILLED
        recover(order_id)

        assert saga_status(order_id) == "failed"
        assert ledger_of(order_id) == [("capture", 2 * PRICE), ("waiver", -2 * PRICE)]
        assert [stock_of(variant) for variant in variants] == [(OVERDUE.stock, 0)] * 2
        ((amount, refunded),) = [(c["amount"], c["refunded"]) for c in stubborn.charges(order_id)]
        assert (float(amount), float(refunded)) == (float(2 * PRICE), 0.0)
        books = [one for one in (*list_ledger_findings(), *check_gateway()) if one.order_id == order_id]
        assert books == []
        assert [one for one in find_broken_histories() if one.saga_id == saga_id] == []

    def test_is_decided_or_not_when_the_approver_dies(self, stubborn: RunningGateway) -> None:
        order_id, saga_id, _ = refused_for_ever(stubborn)
        assert waived_by("ines@example.com", saga_id).granted

        forked(lambda: waived_by("omar@example.com", saga_id), point="before_answer_commit", action="kill").end()
        ((state,),) = fetch("orders", "SELECT state FROM saga_dead_letters WHERE saga_id = %s", saga_id)
        answered = requests.answer_open_requests()
        recover(order_id)

        assert (state, answered) == ("open", 1)
        assert ledger_of(order_id) == [("capture", 2 * PRICE), ("waiver", -2 * PRICE)]
