"""The gateway refuses a refund again and again while workers die; the order fails in the end, paid back once."""

from uuid import UUID

import pytest

from apps.orders.sagas.order_processing import ORDER_PROCESSING
from ecommerce.testing.books import fetch, ledger_of
from ecommerce.testing.shop import PRICE
from ecommerce.testing.stack import ALIASES

from .dying import End, recover, work_and_die, work_and_meet
from .stories import OVERDUE, begin, check_books, let_the_deadline_pass

pytestmark = pytest.mark.committed(databases=ALIASES)

PATIENCE = ORDER_PROCESSING.steps[ORDER_PROCESSING.index("process_payment")].undo_retry.attempts


def charged_and_overdue() -> tuple[UUID, list[UUID]]:
    """An order whose worker died when the gateway had the money, and which is to be undone since."""
    order_id, variants = begin(OVERDUE)
    assert work_and_die("after_record", at_pass=1)
    let_the_deadline_pass(order_id)
    return order_id, variants


def dead_letters(order_id: UUID) -> list[tuple[str, str]]:
    return fetch(
        "orders",
        "SELECT l.step, l.state FROM saga_dead_letters l JOIN saga_transactions s ON s.id = l.saga_id"
        " WHERE s.order_id = %s",
        order_id,
    )


@pytest.mark.parametrize("refusals", [1, PATIENCE - 1, PATIENCE, PATIENCE + 3])
class TestARefundThatIsRefused:
    def test_is_asked_until_it_is_given(self, refusals, gateway, mailbox):
        order_id, variants = charged_and_overdue()
        gateway.fault("refuse", operation="refund", count=refusals)

        recover(order_id)

        check_books(order_id, OVERDUE, variants, gateway, mailbox)
        assert ledger_of(order_id) == [("capture", 2 * PRICE), ("refund", -2 * PRICE)]
        assert dead_letters(order_id) == ([("process_payment", "resolved")] if refusals >= PATIENCE else [])

    @pytest.mark.parametrize("point", ["after_fence", "after_perform", "before_record_commit", "after_settle"])
    def test_is_given_once_though_workers_die_over_it(self, refusals, point, gateway, mailbox):
        order_id, variants = charged_and_overdue()
        gateway.fault("refuse", operation="refund", count=refusals)

        ends = []
        for _ in range(3):
            ends.append(work_and_meet(point, "kill"))
            let_the_deadline_pass(order_id)
        assert End.KILLED in ends
        assert set(ends) <= {End.KILLED, End.MISSED}
        recover(order_id)

        check_books(order_id, OVERDUE, variants, gateway, mailbox)
        assert ledger_of(order_id) == [("capture", 2 * PRICE), ("refund", -2 * PRICE)]
