"""What returns ask of payments: to promise money, to take the promise back, to give it back, each once."""

from decimal import Decimal
from uuid import UUID

import pytest

from apps.core.ids import new_id
from apps.core.testing.statements import statements
from apps.payments import handlers, services
from apps.payments.contracts import RefundExceedsPayment, RefundHeld, RefundReleased, ReturnRefunded
from apps.payments.gateways.base import Refunded
from apps.payments.models import OutboxEvent, Refund
from apps.payments.selectors import list_ledger_findings
from apps.payments.testing import RunningGateway
from apps.sagas.messages import Unknown

from . import factories as f
from .readings import events, held, ledger, payment

pytestmark = pytest.mark.django_db(databases=["payments"])


def paid(**fields: object) -> f.Call[f.ProcessPayment]:
    """An order that was charged 59.90 USD, unless told otherwise."""
    call = f.pay(**fields)
    f.deliver(call)
    return call


def refund_of(receipt_id: UUID) -> tuple[str, Decimal]:
    row = Refund.objects.get(receipt_id=receipt_id)
    return row.state, row.amount


class TestHoldRefund:
    def test_promises_a_part_of_the_payment_and_moves_nothing(self, gateway: RunningGateway) -> None:
        order = paid()
        said = f.worth(order, "20.00")

        replies = handlers.hold_refunds([f.hold(said)])

        assert replies == [RefundHeld()]
        assert refund_of(said["receipt_id"]) == ("held", Decimal("20.00"))
        assert payment(order) == ("succeeded", Decimal("59.90"), 0)
        assert ledger(order) == [("capture", Decimal("59.90"))]

    def test_refuses_more_than_is_left_and_no_other_of_the_batch(self, gateway: RunningGateway) -> None:
        order, other = paid(), paid()
        most, more, fine = f.worth(order, "50.00"), f.worth(order, "9.91"), f.worth(other, "59.90")

        replies = handlers.hold_refunds([f.hold(said) for said in (most, more, fine)])

        assert replies == [
            RefundHeld(),
            RefundExceedsPayment(
                message="Only 9.90 USD of the payment is left to give back, and the return is worth 9.91 USD.",
                available=Decimal("9.90"),
            ),
            RefundHeld(),
        ]
        assert not Refund.objects.filter(receipt_id=more["receipt_id"]).exists()

    def test_counts_what_went_back_already(self, gateway: RunningGateway) -> None:
        order = paid()
        first, second = f.worth(order, "40.00"), f.worth(order, "20.00")
        handlers.hold_refunds([f.hold(first)])
        f.deliver(f.give_back(first))

        [reply] = handlers.hold_refunds([f.hold(second)])

        assert isinstance(reply, RefundExceedsPayment)
        assert reply.available == Decimal("19.90")

    @pytest.mark.parametrize("wrong", [{"currency": "EUR"}, {"order_id": new_id()}], ids=["currency", "order"])
    def test_refuses_what_no_payment_covers(self, gateway: RunningGateway, wrong: dict[str, object]) -> None:
        said = f.worth(paid(), "1.00", **wrong)

        [reply] = handlers.hold_refunds([f.hold(said)])

        assert isinstance(reply, RefundExceedsPayment)
        assert reply.available == 0

    def test_delivered_twice_holds_once(self, gateway: RunningGateway) -> None:
        said = f.worth(paid(), "59.90")

        assert handlers.hold_refunds([f.hold(said)]) == handlers.hold_refunds([f.hold(said)]) == [RefundHeld()]
        assert Refund.objects.filter(receipt_id=said["receipt_id"]).count() == 1

    def test_after_its_undo_holds_nothing(self, gateway: RunningGateway) -> None:
        said = f.worth(paid())
        handlers.release_refunds([f.release(said)])

        with pytest.raises(services.RefundAlreadyReleased):
            handlers.hold_refunds([f.hold(said)])

        assert refund_of(said["receipt_id"]) == ("released", Decimal("20.00"))

    def test_of_nothing_holds_nothing(self, gateway: RunningGateway) -> None:
        said = f.worth(paid(), "0.00")

        assert handlers.hold_refunds([f.hold(said)]) == [RefundHeld()]
        assert not Refund.objects.filter(receipt_id=said["receipt_id"]).exists()

    def test_takes_four_statements_a_batch(self, gateway: RunningGateway) -> None:
        orders = [paid(), paid(), paid()]

        with statements(payments=4):
            handlers.hold_refunds([f.hold(f.worth(order)) for order in orders])


class TestReleaseRefund:
    def test_lets_another_return_have_the_money(self, gateway: RunningGateway) -> None:
        order = paid()
        first, second = f.worth(order, "59.90"), f.worth(order, "59.90")
        handlers.hold_refunds([f.hold(first)])

        assert handlers.release_refunds([f.release(first)]) == [RefundReleased()]

        assert handlers.hold_refunds([f.hold(second)]) == [RefundHeld()]
        assert refund_of(first["receipt_id"]) == ("released", Decimal("59.90"))

    def test_delivered_twice_acts_once(self, gateway: RunningGateway) -> None:
        said = f.worth(paid())
        handlers.hold_refunds([f.hold(said)])

        assert [handlers.release_refunds([f.release(said)]) for _ in range(2)] == [[RefundReleased()]] * 2
        assert refund_of(said["receipt_id"])[0] == "released"

    def test_never_takes_back_what_was_asked_of_the_gateway(self, gateway: RunningGateway) -> None:
        said = f.worth(paid())
        handlers.hold_refunds([f.hold(said)])
        f.prepare([f.give_back(said)])

        with pytest.raises(services.RefundAlreadyAsked):
            handlers.release_refunds([f.release(said)])

        assert refund_of(said["receipt_id"])[0] == "calling"

    def test_of_an_order_without_a_payment_leaves_nothing(self) -> None:
        said = f.worth(f.pay())

        assert handlers.release_refunds([f.release(said)]) == [RefundReleased()]
        assert not Refund.objects.filter(receipt_id=said["receipt_id"]).exists()


class TestRefundReturn:
    def test_gives_a_part_back_and_writes_its_line(self, gateway: RunningGateway) -> None:
        order = paid()
        said = f.worth(order, "20.00")
        handlers.hold_refunds([f.hold(said)])
        call = f.give_back(said)

        assert f.deliver(call) == [ReturnRefunded(amount=Decimal("20.00"))]

        assert held(gateway, order) == [("succeeded", Decimal("59.90"), Decimal("20.00"))]
        assert payment(order) == ("partially_refunded", Decimal("59.90"), Decimal("20.00"))
        assert ledger(order) == [("capture", Decimal("59.90")), ("refund", Decimal("-20.00"))]
        assert refund_of(said["receipt_id"]) == ("succeeded", Decimal("20.00"))
        assert Refund.objects.get(receipt_id=said["receipt_id"]).effect_id == call.effect_id

    def test_announces_it(self, gateway: RunningGateway) -> None:
        order = paid()
        said = f.worth(order, "20.00")

        f.deliver(f.give_back(said))

        told = OutboxEvent.objects.get(type="payment.refunded", payload__order_id=str(order.command.order_id))
        assert (told.payload["amount"], told.payload["currency"]) == ("20.0000", "USD")

    def test_in_two_parts_gives_all_back(self, gateway: RunningGateway) -> None:
        order = paid()
        for amount in ("20.00", "39.90"):
            said = f.worth(order, amount)
            handlers.hold_refunds([f.hold(said)])
            f.deliver(f.give_back(said))

        assert held(gateway, order) == [("succeeded", Decimal("59.90"), Decimal("59.90"))]
        assert payment(order) == ("refunded", Decimal("59.90"), Decimal("59.90"))
        assert sorted(ledger(order))[1:] == [("refund", Decimal("-39.90")), ("refund", Decimal("-20.00"))]
        assert events(order) == ["payment.captured", "payment.refunded", "payment.refunded"]

    def test_delivered_twice_pays_once(self, gateway: RunningGateway) -> None:
        order = paid()
        call = f.give_back(f.worth(order))

        first, second = f.deliver(call), f.deliver(call)

        assert first == second == [ReturnRefunded(amount=Decimal("20.00"))]
        assert held(gateway, order) == [("succeeded", Decimal("59.90"), Decimal("20.00"))]
        assert gateway.operations_on([call.effect_id]) == ["refund"]
        assert len(ledger(order)) == 2

    def test_after_its_undo_pays_nothing(self, gateway: RunningGateway) -> None:
        order = paid()
        said = f.worth(order)
        handlers.release_refunds([f.release(said)])

        with pytest.raises(services.RefundAlreadyReleased):
            f.prepare([f.give_back(said)])

        assert held(gateway, order) == [("succeeded", Decimal("59.90"), 0)]

    def test_of_nothing_asks_nobody(self, gateway: RunningGateway) -> None:
        order = paid()
        call, other = f.give_back(f.worth(order, "0.00")), f.give_back(f.worth(order, "5.00"))

        assert f.deliver(call, other) == [ReturnRefunded(amount=Decimal(0)), ReturnRefunded(amount=Decimal("5.00"))]
        assert gateway.operations_on([call.effect_id]) == []

    def test_is_made_anew_where_our_promise_was_lost(self, gateway: RunningGateway) -> None:
        order = paid()

        assert f.deliver(f.give_back(f.worth(order))) == [ReturnRefunded(amount=Decimal("20.00"))]
        assert held(gateway, order) == [("succeeded", Decimal("59.90"), Decimal("20.00"))]

    def test_of_another_amount_than_was_promised_pays_nothing(self, gateway: RunningGateway) -> None:
        order = paid()
        said = f.worth(order, "20.00")
        handlers.hold_refunds([f.hold(said)])

        with pytest.raises(services.AnotherRefundHasThisReceipt):
            f.prepare([f.give_back(said | {"amount": Decimal("20.01")})])

    def test_of_an_order_without_a_payment_is_an_error(self) -> None:
        with pytest.raises(services.NothingToRefund):
            f.prepare([f.give_back(f.worth(f.pay()))])


class TestAWorkerThatDies:
    def test_between_intent_and_call_is_followed_by_one_that_looks_and_pays(self, gateway: RunningGateway) -> None:
        order = paid()
        call = f.give_back(f.worth(order))
        f.prepare([call])

        assert f.deliver(call) == [ReturnRefunded(amount=Decimal("20.00"))]
        assert gateway.operations_on([call.effect_id]) == ["find_refunds", "refund"]
        assert held(gateway, order) == [("succeeded", Decimal("59.90"), Decimal("20.00"))]

    def test_between_call_and_record_is_followed_by_one_that_finds_the_refund(self, gateway: RunningGateway) -> None:
        order = paid()
        call = f.give_back(f.worth(order))
        f.perform([call], f.prepare([call]))

        assert f.deliver(call) == [ReturnRefunded(amount=Decimal("20.00"))]
        # Not asked a second time: a gateway that forgot the key would pay a second time.
        assert gateway.operations_on([call.effect_id]) == ["refund", "find_refunds"]
        assert ledger(order) == [("capture", Decimal("59.90")), ("refund", Decimal("-20.00"))]

    @pytest.mark.parametrize("fault", ["timeout_with_effect", "timeout_without_effect", "reset_with_effect", "error"])
    def test_or_a_gateway_that_does_not_answer_leaves_it_open_until_it_does(
        self, gateway: RunningGateway, fault: str
    ) -> None:
        order = paid()
        call = f.give_back(f.worth(order))
        gateway.fault(fault, operation="refund")

        [first], [second] = f.deliver(call), f.deliver(call)

        assert isinstance(first, Unknown)
        assert second == ReturnRefunded(amount=Decimal("20.00"))
        assert held(gateway, order) == [("succeeded", Decimal("59.90"), Decimal("20.00"))]
        assert len(ledger(order)) == 2

    def test_while_the_gateway_cannot_be_asked_is_followed_by_one_that_waits(self, gateway: RunningGateway) -> None:
        order = paid()
        call = f.give_back(f.worth(order))
        f.perform([call], f.prepare([call]))
        gateway.fault("error", operation="find_refunds")

        [reply] = f.deliver(call)

        assert isinstance(reply, Unknown)
        assert gateway.operations_on([call.effect_id]) == ["refund", "find_refunds"]
        assert ledger(order) == [("capture", Decimal("59.90"))]


class TestGiveBack:
    def test_believes_no_other_amount(self, gateway: RunningGateway) -> None:
        order = paid()
        [work] = f.prepare([f.give_back(f.worth(order, "20.00"))])

        class Generous:
            def refund(self, requests: list[services.NotedRefund]) -> list[Refunded]:
                return [Refunded(key=work.request.key, reference="re_1", amount=Decimal("25.00")) for _ in requests]

        [answer] = services.give_back(refunds=[work], gateway=Generous())  # type: ignore[arg-type]

        assert answer == Unknown("the gateway gave back 25.00 under the key, not 20.00")


class TestBooks:
    def test_agree_with_the_gateway_at_every_moment(self, gateway: RunningGateway) -> None:
        order = paid()
        said = f.worth(order, "20.00")
        call = f.give_back(said)

        def findings() -> list[object]:
            found = [*list_ledger_findings(), *services.check_gateway()]
            return [finding for finding in found if finding.order_id == order.command.order_id]

        handlers.hold_refunds([f.hold(said)])
        assert findings() == []
        works = f.prepare([call])
        assert findings() == []
        results = f.perform([call], works)
        assert findings() == []
        f.record([call], works, results)
        assert findings() == []

    def test_name_a_refund_that_has_no_line(self, gateway: RunningGateway) -> None:
        order = paid()
        said = f.worth(order, "20.00")
        handlers.hold_refunds([f.hold(said)])
        Refund.objects.filter(receipt_id=said["receipt_id"]).update(state="succeeded", effect_id=new_id())

        found = [finding for finding in list_ledger_findings() if finding.order_id == order.command.order_id]

        assert [(finding.what, finding.expected, finding.found) for finding in found] == [
            (f"refund of attempt {order.effect_id}", "20.0000", "0")
        ]

    def test_name_promises_beyond_the_payment(self, gateway: RunningGateway) -> None:
        order = paid()
        said = f.worth(order, "20.00")
        handlers.hold_refunds([f.hold(said)])
        Refund.objects.filter(receipt_id=said["receipt_id"]).update(amount=Decimal("60.00"))

        found = [finding for finding in list_ledger_findings() if finding.order_id == order.command.order_id]

        assert [(finding.what, finding.expected, finding.found) for finding in found] == [
            ("promised refunds", "at most 59.9000", "60.0000")
        ]
