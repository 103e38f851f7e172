"""What every handler must show: does it; delivered twice, acts once; undo before do."""

from decimal import Decimal

import pytest

from apps.core.testing.statements import statements
from apps.payments.contracts import PaymentDeclined, PaymentRefunded, PaymentSucceeded
from apps.payments.models import OutboxEvent, Payment, PaymentAttempt, Refund
from apps.payments.services import AnotherChargeHasThisKey
from apps.payments.testing import RunningGateway

from . import factories as f
from .readings import attempt, events, held, ledger, payment

pytestmark = pytest.mark.django_db(databases=["payments"])


class TestProcessPayment:
    def test_charges_an_order(self, gateway: RunningGateway) -> None:
        call = f.pay(amount=Decimal("59.90"), currency="EUR")

        [reply] = f.deliver(call)

        row = Payment.objects.get(order_id=call.command.order_id)
        [charge] = gateway.charges(call.command.order_id)
        assert reply == PaymentSucceeded(payment_id=row.id, gateway_reference=charge["reference"])
        assert (charge["state"], charge["amount"], charge["currency"]) == ("succeeded", "59.9000", "EUR")
        assert (row.status, row.captured_amount, row.refunded_amount) == ("succeeded", Decimal("59.90"), 0)
        assert (row.user_id, row.currency, row.gateway) == (call.command.customer_id, "EUR", "fake")
        assert ledger(call) == [("capture", Decimal("59.90"))]

    def test_announces_the_capture(self, gateway: RunningGateway) -> None:
        call = f.pay(amount=Decimal("12.50"))

        f.deliver(call)

        row = Payment.objects.get(order_id=call.command.order_id)
        event = OutboxEvent.objects.get(aggregate="payment", aggregate_id=row.id)
        assert (event.type, event.payload) == (
            "payment.captured",
            {
                "payment_id": str(row.id),
                "order_id": str(call.command.order_id),
                "amount": "12.50",
                "currency": "USD",
            },
        )

    @pytest.mark.parametrize(
        ("payment_method", "reason", "message"),
        [
            (f.DECLINED, "card_declined", "The card was declined."),
            (f.INSUFFICIENT_FUNDS, "insufficient_funds", "The card has insufficient funds."),
            ("test_1234", "incorrect_number", "The card number is wrong."),
            ("pm_nobody", "unknown_payment_method", "The payment was declined."),
        ],
    )
    def test_is_refused_by_the_gateways_reason(
        self, gateway: RunningGateway, payment_method: str, reason: str, message: str
    ) -> None:
        call = f.pay(payment_method=payment_method)

        [reply] = f.deliver(call)

        assert reply == PaymentDeclined(message=message, reason=reason)
        assert payment(call) == ("declined", 0, 0)
        assert (attempt(call).state, attempt(call).decline_reason) == ("declined", reason)
        assert ledger(call) == []
        assert events(call) == []
        assert held(gateway, call) == [("declined", 0, 0)]

    def test_charges_a_saved_card(self, gateway: RunningGateway) -> None:
        call = f.pay(payment_method=gateway.tokenise("4242 4242 4242 4242"))

        f.deliver(call)

        assert held(gateway, call) == [("succeeded", Decimal("59.90"), 0)]

    def test_answers_each_order_of_a_batch_for_itself(self, gateway: RunningGateway) -> None:
        good, poor, other = (
            f.pay(),
            f.pay(payment_method=f.INSUFFICIENT_FUNDS),
            f.pay(amount=Decimal("1500"), currency="JPY"),
        )

        replies = f.deliver(good, poor, other)

        assert [type(reply) for reply in replies] == [PaymentSucceeded, PaymentDeclined, PaymentSucceeded]
        assert [ledger(call) for call in (good, poor, other)] == [
            [("capture", Decimal("59.90"))],
            [],
            [("capture", Decimal("1500"))],
        ]

    def test_delivered_twice_charges_once(self, gateway: RunningGateway) -> None:
        call = f.pay()

        first, second = f.deliver(call), f.deliver(call)

        assert first == second
        assert held(gateway, call) == [("succeeded", Decimal("59.90"), 0)]
        assert gateway.operations_on([call.effect_id]) == ["charge"]
        assert ledger(call) == [("capture", Decimal("59.90"))]
        assert events(call) == ["payment.captured"]

    def test_delivered_twice_declines_once(self, gateway: RunningGateway) -> None:
        call = f.pay(payment_method=f.DECLINED)

        first, second = f.deliver(call), f.deliver(call)

        assert first == second
        assert gateway.operations_on([call.effect_id]) == ["charge"]

    def test_charges_nothing_once_it_is_undone(self, gateway: RunningGateway) -> None:
        call = f.pay()
        f.deliver(f.undo(call))

        [reply] = f.deliver(call)

        assert reply == PaymentDeclined(message="The payment was cancelled before any money moved.", reason="cancelled")
        assert gateway.operations_on([call.effect_id]) == ["cancel"]
        assert not Payment.objects.filter(order_id=call.command.order_id).exists()

    def test_refuses_another_amount_under_the_same_key(self, gateway: RunningGateway) -> None:
        call = f.pay(amount=Decimal("59.90"))
        f.deliver(call)
        changed = f.pay(saga_id=call.saga_id, order_id=call.command.order_id, amount=Decimal("9.90"))

        with pytest.raises(AnotherChargeHasThisKey) as raised:
            f.deliver(changed)

        assert raised.value.message == (
            f"The key {call.effect_id} stands for 59.9000 USD, and was asked again for 9.90 USD."
        )
        assert held(gateway, call) == [("succeeded", Decimal("59.90"), 0)]

    def test_takes_four_statements_and_one_request_for_any_batch(self, gateway: RunningGateway) -> None:
        calls = [f.pay(payment_method=f.DECLINED if n % 10 == 0 else f.APPROVED) for n in range(50)]
        before = len(gateway.calls())

        # The intent; the answers with their ledger lines, the payments, the events.
        with statements(payments=4):
            f.deliver(*calls)

        assert len(gateway.calls()) - before == 1
        assert Payment.objects.filter(status="succeeded").count() == 45


class TestRefundPayment:
    def test_gives_back_what_was_charged(self, gateway: RunningGateway) -> None:
        call = f.pay(amount=Decimal("59.90"))
        f.deliver(call)

        [reply] = f.deliver(f.undo(call, reason="insufficient_stock"))

        refund = Refund.objects.get(attempt_id=call.effect_id)
        assert reply == PaymentRefunded(amount=Decimal("59.90"))
        assert held(gateway, call) == [("succeeded", Decimal("59.90"), Decimal("59.90"))]
        assert payment(call) == ("refunded", Decimal("59.90"), Decimal("59.90"))
        assert ledger(call) == [("capture", Decimal("59.90")), ("refund", Decimal("-59.90"))]
        assert (refund.state, refund.amount, refund.reason) == ("succeeded", Decimal("59.90"), "insufficient_stock")
        assert refund.gateway_reference is not None
        assert events(call) == ["payment.captured", "payment.refunded"]

    def test_delivered_twice_refunds_once(self, gateway: RunningGateway) -> None:
        call = f.pay()
        f.deliver(call)

        first, second = f.deliver(f.undo(call)), f.deliver(f.undo(call))

        assert first == second == [PaymentRefunded(amount=Decimal("59.90"))]
        assert held(gateway, call) == [("succeeded", Decimal("59.90"), Decimal("59.90"))]
        assert ledger(call) == [("capture", Decimal("59.90")), ("refund", Decimal("-59.90"))]
        assert events(call) == ["payment.captured", "payment.refunded"]
        assert Refund.objects.filter(attempt_id=call.effect_id).count() == 1

    def test_closes_the_gateway_before_anything_was_charged(self, gateway: RunningGateway) -> None:
        call = f.pay()

        [reply] = f.deliver(f.undo(call))

        tombstone = attempt(call)
        assert reply == PaymentRefunded(amount=Decimal(0))
        assert (tombstone.state, tombstone.amount, tombstone.payment_id) == ("cancelled", None, None)
        assert tombstone.fenced_at is not None
        assert ledger(call) == []
        assert events(call) == []

    def test_asks_the_gateway_even_after_a_decline(self, gateway: RunningGateway) -> None:
        call = f.pay(payment_method=f.DECLINED)
        f.deliver(call)

        [reply] = f.deliver(f.undo(call))

        assert reply == PaymentRefunded(amount=Decimal(0))
        assert gateway.operations_on([call.effect_id]) == ["charge", "cancel"]
        assert (attempt(call).state, payment(call)) == ("declined", ("declined", 0, 0))
        assert attempt(call).fenced_at is not None

    def test_gives_back_a_charge_that_succeeded_after_its_decline(self, gateway: RunningGateway) -> None:
        call = f.pay(payment_method=f.SUCCEEDS_LATE)
        [declined] = f.deliver(call)

        [reply] = f.deliver(f.undo(call))

        assert isinstance(declined, PaymentDeclined)
        assert reply == PaymentRefunded(amount=Decimal("59.90"))
        assert held(gateway, call) == [("succeeded", Decimal("59.90"), Decimal("59.90"))]
        assert ledger(call) == [("capture", Decimal("59.90")), ("refund", Decimal("-59.90"))]
        assert (attempt(call).state, payment(call)[0]) == ("refunded", "refunded")
        assert events(call) == ["payment.captured", "payment.refunded"]

    def test_undoes_every_epoch_of_an_order(self, gateway: RunningGateway) -> None:
        first = f.pay(payment_method=f.SUCCEEDS_LATE, amount=Decimal("20.00"))
        f.deliver(first)
        second = f.pay(
            saga_id=first.saga_id,
            epoch=1,
            order_id=first.command.order_id,
            amount=Decimal("20.00"),
            payment_method=f.DECLINED,
        )
        f.deliver(second)

        [reply] = f.deliver(f.undo(second))

        assert reply == PaymentRefunded(amount=Decimal("20.00"))
        assert held(gateway, first) == [("succeeded", Decimal("20.00"), Decimal("20.00")), ("declined", 0, 0)]
        states = PaymentAttempt.objects.filter(order_id=first.command.order_id).order_by("epoch")
        assert list(states.values_list("epoch", "state")) == [(0, "refunded"), (1, "declined")]

    def test_takes_over_a_charge_that_this_database_lost(self, gateway: RunningGateway) -> None:
        call = f.pay(amount=Decimal("59.90"))
        works = f.prepare([call])
        f.perform([call], works)
        PaymentAttempt.objects.filter(id=call.effect_id).delete()
        Payment.objects.filter(order_id=call.command.order_id).delete()

        [reply] = f.deliver(f.undo(call))

        assert reply == PaymentRefunded(amount=Decimal("59.90"))
        assert payment(call) == ("refunded", Decimal("59.90"), Decimal("59.90"))
        assert ledger(call) == [("capture", Decimal("59.90")), ("refund", Decimal("-59.90"))]
        assert held(gateway, call) == [("succeeded", Decimal("59.90"), Decimal("59.90"))]

    def test_takes_five_statements_and_two_requests_for_any_batch(self, gateway: RunningGateway) -> None:
        calls = [f.pay(payment_method=f.DECLINED if n % 10 == 0 else f.APPROVED) for n in range(50)]
        f.deliver(*calls)
        before = len(gateway.calls())

        # Tombstones and intents; the answers with refunds and ledger lines, the payments, the events.
        with statements(payments=5):
            replies = f.deliver(*[f.undo(call) for call in calls])

        assert len(gateway.calls()) - before == 2
        assert replies.count(PaymentRefunded(amount=Decimal("59.90"))) == 45
