"""What two people give up of a return's refund: the gateway keeps it, the ledger says who decided, the books close."""

from decimal import Decimal

import pytest

from apps.payments import handlers, services
from apps.payments.contracts import RefundReturn, RefundWaived, ReturnRefunded
from apps.payments.models import LedgerLine, OutboxEvent, Refund
from apps.payments.selectors import list_ledger_findings
from apps.payments.services import check_gateway
from apps.payments.testing import RunningGateway
from apps.sagas.messages import Call, Unknown

from . import factories as f
from . import readings as r

pytestmark = pytest.mark.django_db(databases=["payments"])

CAPTURED, REFUNDED, WAIVED = ("capture", Decimal("59.90")), ("refund", Decimal("-20.00")), ("waiver", Decimal("-20.00"))


def paid() -> r.Paid:
    """An order that was charged 59.90 USD."""
    order = f.pay()
    f.deliver(order)
    return order


def refused(gateway: RunningGateway, order: r.Paid) -> Call[RefundReturn]:
    """A refund of 20.00 USD that the gateway refuses for ever."""
    said = f.worth(order, "20.00")
    handlers.hold_refunds([f.hold(said)])
    gateway.fault("refuse", operation="refund", count=-1)
    call = f.give_back(said)
    f.deliver(call)
    return call


def state_of(call: Call[RefundReturn]) -> str:
    return Refund.objects.get(receipt_id=call.command.receipt_id).state


def findings() -> list[object]:
    return [*list_ledger_findings(), *check_gateway()]


class TestWaiveRefund:
    def test_notes_who_keeps_what_the_gateway_did_not_give_back(self, own_gateway: RunningGateway) -> None:
        order = paid()
        call = refused(own_gateway, order)

        assert f.deliver(f.give_up(call)) == [RefundWaived(amount=Decimal("20.00"))]

        line = LedgerLine.objects.get(order_id=order.command.order_id, kind="waiver")
        assert (line.amount, line.proposed_by, line.approved_by, line.reason) == (
            Decimal("-20.00"),
            "ines@example.com",
            "omar@example.com",
            "paid by bank transfer",
        )
        assert r.held(own_gateway, order) == [("succeeded", Decimal("59.90"), Decimal(0))]
        assert (r.payment(order), state_of(call)) == (("succeeded", Decimal("59.90"), 0), "waived")
        assert findings() == []

    def test_delivered_twice_acts_once(self, own_gateway: RunningGateway) -> None:
        call = refused(own_gateway, order := paid())

        first, again = f.deliver(f.give_up(call)), f.deliver(f.give_up(call))

        assert first == again == [RefundWaived(amount=Decimal("20.00"))]
        assert r.ledger(order) == [CAPTURED, WAIVED]

    def test_noted_by_two_workers_at_once_acts_once(self, own_gateway: RunningGateway) -> None:
        given_up = f.give_up(refused(own_gateway, order := paid()))
        works = f.prepare([given_up])
        results = f.perform([given_up], works)

        assert f.record([given_up], works, results) == f.record([given_up], works, results)
        assert r.ledger(order) == [CAPTURED, WAIVED]

    def test_before_its_refund_lets_nobody_ask_for_it(self, own_gateway: RunningGateway) -> None:
        order = paid()
        call = f.give_back(f.worth(order, "20.00"))

        assert f.deliver(f.give_up(call)) == [RefundWaived(amount=Decimal("20.00"))]

        with pytest.raises(services.RefundGivenUp):
            f.prepare([call])
        assert r.held(own_gateway, order) == [("succeeded", Decimal("59.90"), Decimal(0))]
        assert findings() == []

    def test_waits_for_a_gateway_that_is_silent(self, own_gateway: RunningGateway) -> None:
        call = refused(own_gateway, order := paid())
        own_gateway.fault("error", operation="find_refunds", count=-1)

        (silent,) = f.deliver(f.give_up(call))

        assert isinstance(silent, Unknown)
        assert (r.ledger(order), state_of(call)) == ([CAPTURED], "calling")

    def test_notes_a_refund_that_was_made_and_never_answered(self, own_gateway: RunningGateway) -> None:
        order = paid()
        call = f.give_back(f.worth(order, "20.00"))
        own_gateway.fault("timeout_with_effect", operation="refund", count=1)
        f.deliver(call)

        assert f.deliver(f.give_up(call)) == [RefundWaived(amount=Decimal(0))]

        assert (r.ledger(order), state_of(call)) == ([CAPTURED, REFUNDED], "succeeded")
        assert r.payment(order) == ("partially_refunded", Decimal("59.90"), Decimal("20.00"))
        assert findings() == []

    def test_after_the_refund_gives_nothing_up(self, own_gateway: RunningGateway) -> None:
        order = paid()
        call = f.give_back(f.worth(order, "20.00"))
        assert f.deliver(call) == [ReturnRefunded(amount=Decimal("20.00"))]

        assert f.deliver(f.give_up(call)) == [RefundWaived(amount=Decimal(0))]
        assert r.ledger(order) == [CAPTURED, REFUNDED]

    def test_of_nothing_asks_nobody(self, own_gateway: RunningGateway) -> None:
        call = f.give_back(f.worth(order := paid(), "0.00"))

        assert f.deliver(f.give_up(call)) == [RefundWaived(amount=Decimal(0))]
        assert (r.ledger(order), own_gateway.operations_on([call.effect_id])) == ([CAPTURED], [])

    def test_keeps_the_money_from_other_returns(self, own_gateway: RunningGateway) -> None:
        order = paid()
        f.deliver(f.give_up(refused(own_gateway, order)))

        [reply] = handlers.hold_refunds([f.hold(f.worth(order, "40.00"))])

        assert reply.available == Decimal("39.90")

    def test_is_taken_back_when_a_late_worker_gives_the_money_back(self, own_gateway: RunningGateway) -> None:
        order = paid()
        late = refused(own_gateway, order)
        works = f.prepare([late])
        f.deliver(f.give_up(late))

        own_gateway.mend()
        f.record([late], works, f.perform([late], works))

        assert sorted(r.ledger(order)) == [CAPTURED, REFUNDED, WAIVED, ("waiver", Decimal("20.00"))]
        assert state_of(late) == "succeeded"
        assert OutboxEvent.objects.filter(
            type="payment.refunded", payload__order_id=str(order.command.order_id)
        ).exists()
        assert findings() == []


class TestTheBooks:
    def test_find_a_waiver_that_no_refund_knows(self, own_gateway: RunningGateway) -> None:
        call = refused(own_gateway, paid())
        f.deliver(f.give_up(call))
        Refund.objects.filter(receipt_id=call.command.receipt_id).update(state="calling")

        (finding,) = list_ledger_findings()

        assert (finding.what, finding.expected, finding.found) == ("waiver", "0", "20.0000")
