"""The saga of returns, walked from its declaration: what each step asks for, and what is undone when one is refused."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from apps.catalog import contracts as catalog
from apps.core.ids import new_id
from apps.notifications import contracts as notifications
from apps.orders import contracts as orders
from apps.orders.sagas import send_returns
from apps.orders.sagas.return_order import RETURN_ORDER
from apps.orders.sagas.send_returns import ReceivedLine, ReturnOrder
from apps.payments import contracts as payments
from apps.sagas.definition import Kind, Step, Waiver
from apps.sagas.messages import Command, Direction, Refusal, Reply
from apps.sagas.progress import Failed, State, Status
from apps.sagas.testing import Walk

ORDER, RETURN, RECEIPT, SHIRT, SOCKS = (new_id() for _ in range(5))
D = Decimal


def came(variant_id: UUID | None, quantity: int, refund: str, title: str, *, restocks: bool = True) -> ReceivedLine:
    return ReceivedLine(
        variant_id=variant_id,
        quantity=quantity,
        restocks=restocks,
        refund=D(refund),
        title=title,
        variant_title="Blue",
    )


GOODS = ReturnOrder(
    order_id=ORDER,
    order_number="ORD-000042",
    return_id=RETURN,
    return_number="RET-000007",
    receipt_id=RECEIPT,
    email="ann@example.com",
    currency="USD",
    reason="damaged",
    shipping_amount=D("4.90"),
    refund_amount=D("72.90"),
    lines=(
        came(SHIRT, 1, "49.00", "Shirt"),
        came(SOCKS, 1, "19.00", "Socks", restocks=False),
        came(None, 1, "0.00", "Card"),
    ),
)
MONEY: dict[str, Any] = {
    "order_id": ORDER,
    "return_id": RETURN,
    "receipt_id": RECEIPT,
    "amount": D("72.90"),
    "currency": "USD",
    "reason": "damaged",
}


@dataclass(frozen=True)
class Refused(Refusal):
    """A no that any participant might say."""

    message: str = "We would rather not."
    code = "rather_not"


DONE: dict[str, tuple[Command, Reply]] = {
    "hold_refund": (payments.HoldRefund(**MONEY), payments.RefundHeld()),
    "accept_return": (orders.AcceptReturn(return_id=RETURN, receipt_id=RECEIPT), orders.ReturnIsAccepted()),
    "restock_goods": (
        # Not the damaged socks, and not what never had a variant.
        catalog.RestockGoods(
            order_id=ORDER,
            return_id=RETURN,
            note="RET-000007",
            lines=(catalog.StockLine(variant_id=SHIRT, quantity=1),),
        ),
        catalog.GoodsRestocked(),
    ),
    "refund_return": (payments.RefundReturn(**MONEY), payments.ReturnRefunded(amount=D("72.90"))),
    "close_return": (orders.CloseReturn(return_id=RETURN), orders.ReturnIsClosed()),
    "send_return_email": (
        notifications.SendReturnEmail(
            order_id=ORDER,
            order_number="ORD-000042",
            return_id=RETURN,
            return_number="RET-000007",
            email="ann@example.com",
            currency="USD",
            shipping=D("4.90"),
            refund=D("72.90"),
            lines=tuple(
                notifications.ReturnedLine(title=title, variant_title="Blue", quantity=1, refund=D(refund))
                for title, refund in (("Shirt", "49.00"), ("Socks", "19.00"), ("Card", "0.00"))
            ),
        ),
        notifications.ReturnEmailSent(message_id=UUID(int=2), state="sent"),
    ),
}
"""What each step asks for, and the answer that lets it go on."""
UNDONE: dict[str, tuple[Command, Reply]] = {
    "hold_refund": (payments.ReleaseRefund(**MONEY), payments.RefundReleased()),
    "receive_goods": (
        orders.ReopenReturn(return_id=RETURN, receipt_id=RECEIPT, reason="We would rather not."),
        orders.ReturnIsReopened(),
    ),
}
"""What undoes each step, and the answer that it is undone."""

ASKED = [step for step in RETURN_ORDER.steps if step.do]
REVOCABLE = [step for step in ASKED if step.kind is not Kind.RETRIABLE]
CARRIED_ON = [step for step in ASKED if step.kind is Kind.RETRIABLE]


def walked_to(step: Step) -> Walk:
    """A saga whose every step before this one was done."""
    walk = Walk(RETURN_ORDER, GOODS)
    while walk.step[0] != step.name:
        walk.reply(DONE[walk.step[0]][1])
    return walk


class TestReturnOrder:
    def test_asks_for_each_step_in_turn_and_completes(self):
        walk, asked = Walk(RETURN_ORDER, GOODS), []

        while not walk.progress.finished:
            command, reply = DONE[walk.step[0]]
            asked.append(walk.step)
            walk.expect(command).reply(reply)

        assert asked == [(name, Direction.FORWARD) for name in DONE]
        assert walk.progress.status is Status.COMPLETED

    def test_has_no_step_that_these_walks_leave_out(self):
        assert [step.name for step in ASKED] == list(DONE)
        assert [step.name for step in REVOCABLE] == ["hold_refund", "accept_return"]
        assert [step.name for step in reversed(RETURN_ORDER.steps) if step.undo] == list(UNDONE)

    def test_moves_neither_goods_nor_money_before_its_pivot(self):
        before = [step.name for step in RETURN_ORDER.steps[: RETURN_ORDER.pivot]]

        assert before == ["receive_goods", "hold_refund"]
        assert [step.name for step in RETURN_ORDER.steps if not step.critical] == ["send_return_email"]

    def test_tells_payments_alone_of_what_people_give_up(self):
        waiver = Waiver(step="refund_return", proposed_by="ines", approved_by="omar", reason="Paid in cash.")

        (step,) = [step for step in RETURN_ORDER.steps if step.waive]

        assert step.name == "refund_return"
        assert send_returns.waive_refund(GOODS, waiver) == payments.WaiveRefund(
            **MONEY, proposed_by="ines", approved_by="omar", waived_because="Paid in cash."
        )


@pytest.mark.parametrize("step", REVOCABLE, ids=lambda step: step.name)
class TestRefusing:
    def test_gives_the_promise_back_and_lets_staff_receive_anew(self, step):
        walk, undone = walked_to(step).reply(Refused()), []

        while not walk.progress.finished:
            name, direction = walk.step
            assert direction is Direction.BACKWARD
            walk.expect(UNDONE[name][0]).reply(UNDONE[name][1])
            undone.append(name)

        assert undone == ["hold_refund", "receive_goods"]
        assert walk.progress.status is Status.FAILED
        assert (walk.progress.cause.step, walk.progress.cause.code) == (step.name, "rather_not")


@pytest.mark.parametrize("step", CARRIED_ON, ids=lambda step: step.name)
class TestRefusingAfterTheGoodsAreAccepted:
    def test_undoes_nothing_and_asks_again(self, step):
        walk = walked_to(step)

        for _ in range(step.retry.attempts + 1):
            walk.reply(Refused())

        assert walk.progress.status is Status.ACTIVE
        walk.expect(DONE[step.name][0]).reply(DONE[step.name][1])
        assert walk.progress.states[RETURN_ORDER.index(step.name)] is State.COMPLETED


@pytest.mark.parametrize("step", REVOCABLE, ids=lambda step: step.name)
class TestFailing:
    def test_is_tried_six_times_before_the_saga_turns_back_from_the_promise(self, step):
        walk = walked_to(step)

        for _ in range(5):
            walk.reply(Failed(error="OSError: no answer")).expect(DONE[step.name][0])
        walk.reply(Failed(error="OSError: no answer"))

        assert walk.progress.status is Status.COMPENSATING
        assert walk.step == ("hold_refund", Direction.BACKWARD)
