"""
A worker dies, or sleeps past its lease, between any two of its commits; another takes over.

The commits of a charge are the intent and the record, the gateway stands between them. The same for a compensation.
"""

from decimal import Decimal
from typing import Any

import pytest

from apps.payments.contracts import PaymentDeclined, PaymentRefunded, PaymentSucceeded
from apps.payments.models import Payment
from apps.payments.testing import RunningGateway
from apps.sagas.messages import Call

from . import factories as f
from .readings import attempt, events, held, ledger, payment

pytestmark = pytest.mark.django_db(databases=["payments"])

PAID = ("succeeded", Decimal("59.90"), 0)
GIVEN_BACK = ("succeeded", Decimal("59.90"), Decimal("59.90"))
BOTH_LINES = [("capture", Decimal("59.90")), ("refund", Decimal("-59.90"))]


class TestAWorkerThatDies:
    def test_between_intent_and_call_is_followed_by_one_that_asks_and_charges(self, gateway: RunningGateway) -> None:
        call = f.pay()
        f.prepare([call])

        [reply] = f.deliver(call)

        assert isinstance(reply, PaymentSucceeded)
        assert gateway.operations_on([call.effect_id]) == ["find", "charge"]
        assert (attempt(call).tries, held(gateway, call)) == (2, [PAID])

    def test_between_call_and_record_is_followed_by_one_that_finds_the_charge(self, gateway: RunningGateway) -> None:
        call = f.pay()
        f.perform([call], f.prepare([call]))

        [reply] = f.deliver(call)

        assert isinstance(reply, PaymentSucceeded)
        assert gateway.operations_on([call.effect_id]) == ["charge", "find"]
        assert held(gateway, call) == [PAID]
        assert ledger(call) == [("capture", Decimal("59.90"))]

    def test_after_the_record_is_followed_by_one_that_only_answers(self, gateway: RunningGateway) -> None:
        call = f.pay()
        [first] = f.deliver(call)

        [work] = f.prepare([call])

        assert work == first
        assert gateway.operations_on([call.effect_id]) == ["charge"]

    def test_between_intent_and_call_can_be_undone(self, gateway: RunningGateway) -> None:
        call = f.pay()
        f.prepare([call])

        [reply] = f.deliver(f.undo(call))

        assert reply == PaymentRefunded(amount=Decimal(0))
        assert held(gateway, call) == []
        assert (attempt(call).state, payment(call)[0]) == ("cancelled", "cancelled")

    @pytest.mark.parametrize("passes", [1, 2])
    def test_while_undoing_is_followed_by_one_that_undoes_once(self, gateway: RunningGateway, passes: int) -> None:
        call = f.pay()
        f.deliver(call)
        for _ in range(passes):
            f.perform([f.undo(call)], f.prepare([f.undo(call)]))

        [reply] = f.deliver(f.undo(call))

        assert reply == PaymentRefunded(amount=Decimal("59.90"))
        assert held(gateway, call) == [GIVEN_BACK]
        assert ledger(call) == BOTH_LINES
        assert events(call) == ["payment.captured", "payment.refunded"]

    def test_between_the_intent_to_undo_and_the_fence_is_followed_by_one_that_fences(
        self, gateway: RunningGateway
    ) -> None:
        call = f.pay()
        f.prepare([f.undo(call)])

        [reply] = f.deliver(f.undo(call))

        assert reply == PaymentRefunded(amount=Decimal(0))
        assert attempt(call).fenced_at is not None


class Zombie:
    """A worker that stopped after a number of its three steps, and wakes up when all is over."""

    def __init__(self, call: Call[Any], *, steps: int) -> None:
        self.call = call
        self.steps = steps
        self.works = f.prepare([call]) if steps >= 1 else []
        self.results = f.perform([call], self.works) if steps >= 2 else []

    def wake(self) -> Any:
        """Do the rest, and return the reply."""
        if self.steps == 0:
            return f.deliver(self.call)[0]
        if self.steps == 1:
            self.results = f.perform([self.call], self.works)
        return f.record([self.call], self.works, self.results)[0]


class TestAZombie:
    @pytest.mark.parametrize("steps", [0, 1])
    def test_that_would_charge_after_the_compensation_is_refused(self, gateway: RunningGateway, steps: int) -> None:
        call = f.pay()
        zombie = Zombie(call, steps=steps)
        f.deliver(f.undo(call))

        reply = zombie.wake()

        assert isinstance(reply, PaymentDeclined)
        assert reply.reason == "cancelled"
        assert held(gateway, call) == []
        assert (attempt(call).state, ledger(call), events(call)) == ("cancelled", [], [])
        assert not Payment.objects.filter(order_id=call.command.order_id).exclude(status="cancelled").exists()

    def test_that_charged_before_the_compensation_changes_nothing_any_more(self, gateway: RunningGateway) -> None:
        call = f.pay()
        zombie = Zombie(call, steps=2)
        f.deliver(f.undo(call))

        reply = zombie.wake()

        assert isinstance(reply, PaymentDeclined)
        assert held(gateway, call) == [GIVEN_BACK]
        assert (attempt(call).state, payment(call)[0]) == ("refunded", "refunded")
        assert ledger(call) == BOTH_LINES
        assert events(call) == ["payment.captured", "payment.refunded"]

    def test_that_charges_between_intent_and_fence_of_the_compensation_is_given_back(
        self, gateway: RunningGateway
    ) -> None:
        call = f.pay()
        zombie = Zombie(call, steps=1)
        undoing = Zombie(f.undo(call), steps=1)
        zombie.wake()

        reply = undoing.wake()

        assert reply == PaymentRefunded(amount=Decimal("59.90"))
        assert held(gateway, call) == [GIVEN_BACK]
        assert ledger(call) == BOTH_LINES

    def test_that_finds_a_compensation_under_way_starts_no_charge(self, gateway: RunningGateway) -> None:
        call = f.pay()
        f.prepare([call])
        f.prepare([f.undo(call)])

        [reply] = f.deliver(call)

        assert isinstance(reply, PaymentDeclined)
        assert gateway.operations_on([call.effect_id]) == []

    @pytest.mark.parametrize("steps", [1, 2])
    def test_that_charges_beside_its_successor_charges_once(self, gateway: RunningGateway, steps: int) -> None:
        call = f.pay()
        zombie = Zombie(call, steps=steps)
        [reply] = f.deliver(call)

        late = zombie.wake()

        assert late == reply
        assert held(gateway, call) == [PAID]
        assert ledger(call) == [("capture", Decimal("59.90"))]
        assert events(call) == ["payment.captured"]

    @pytest.mark.parametrize("steps", [1, 2])
    def test_that_undoes_beside_its_successor_undoes_once(self, gateway: RunningGateway, steps: int) -> None:
        call = f.pay()
        f.deliver(call)
        zombie = Zombie(f.undo(call), steps=steps)
        [reply] = f.deliver(f.undo(call))

        late = zombie.wake()

        assert late == reply == PaymentRefunded(amount=Decimal("59.90"))
        assert held(gateway, call) == [GIVEN_BACK]
        assert ledger(call) == BOTH_LINES
