from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connections, transaction
from django.db.models import F

from apps.core.ids import new_id
from apps.core.integrity import broken_constraint
from apps.payments.models import LedgerLine, Payment, PaymentAttempt, PaymentMethod, Refund, WebhookEvent

pytestmark = pytest.mark.django_db(databases=["payments"])


def a_payment(**fields: Any) -> Payment:
    return Payment.objects.create(
        **{"order_id": new_id(), "amount": Decimal("59.90"), "currency": "USD", "gateway": "fake"} | fields
    )


def an_attempt(of: Payment, **fields: Any) -> PaymentAttempt:
    return PaymentAttempt.objects.create(
        **{
            "id": new_id(),
            "payment": of,
            "order_id": of.order_id,
            "amount": of.amount,
            "currency": of.currency,
            "gateway": "fake",
            "state": "calling",
        }
        | fields
    )


def a_line(payment: Payment, **fields: Any) -> LedgerLine:
    return LedgerLine.objects.create(
        **{
            "order_id": payment.order_id,
            "payment": payment,
            "kind": "capture",
            "amount": payment.amount,
            "currency": payment.currency,
            "effect_id": new_id(),
        }
        | fields
    )


def broken_by(work: Any) -> str | None:
    """Return the name of the rule that a piece of work breaks."""
    with pytest.raises(IntegrityError) as raised, transaction.atomic(using="payments"):
        work()
    return broken_constraint(raised.value)


class TestPaymentAttemptFollowsItsStates:
    @pytest.mark.parametrize("state", ["succeeded", "declined", "cancelled", "refunded"])
    def test_from_calling_to_any_answer(self, state: str) -> None:
        attempt = an_attempt(a_payment())

        assert PaymentAttempt.objects.filter(id=attempt.id).update(state=state) == 1

    @pytest.mark.parametrize(
        ("old", "new", "is_undone"),
        [
            ("succeeded", "calling", True),
            ("succeeded", "declined", True),
            ("succeeded", "cancelled", True),
            ("succeeded", "refunded", False),
            ("declined", "calling", True),
            ("declined", "succeeded", False),
            ("declined", "cancelled", True),
            ("cancelled", "succeeded", False),
            ("cancelled", "calling", True),
            ("refunded", "succeeded", True),
            ("refunded", "calling", True),
        ],
    )
    def test_and_never_back(self, old: str, new: str, is_undone: bool) -> None:
        undo_asked_at = Payment._meta.get_field("created_at").db_default if is_undone else None
        attempt = an_attempt(a_payment(), state=old, undo_asked_at=undo_asked_at)

        rule = broken_by(lambda: PaymentAttempt.objects.filter(id=attempt.id).update(state=new))

        assert rule == "payment_attempt_follows_its_states"
        attempt.refresh_from_db()
        assert attempt.state == old

    @pytest.mark.parametrize("change", [{"amount": 1}, {"currency": "EUR"}, {"order_id": new_id()}, {"epoch": 7}])
    def test_and_charges_what_was_asked_first(self, change: dict[str, Any]) -> None:
        attempt = an_attempt(a_payment())

        rule = broken_by(lambda: PaymentAttempt.objects.filter(id=attempt.id).update(**change))

        assert rule == "payment_attempt_follows_its_states"


class TestPaymentLedgerIsAppendOnly:
    def test_when_a_line_is_changed(self) -> None:
        line = a_line(a_payment())

        rule = broken_by(lambda: LedgerLine.objects.filter(id=line.id).update(amount=F("amount") + 1))

        assert rule == "payment_ledger_is_append_only"
        line.refresh_from_db()
        assert line.amount == Decimal("59.90")

    def test_when_a_line_is_deleted(self) -> None:
        line = a_line(a_payment())

        assert broken_by(line.delete) == "payment_ledger_is_append_only"
        assert LedgerLine.objects.filter(id=line.id).exists()


class TestTheTables:
    def test_hold_one_payment_an_order(self) -> None:
        payment = a_payment()

        assert broken_by(lambda: a_payment(order_id=payment.order_id)) == "one_payment_an_order"

    def test_hold_one_capture_an_order(self) -> None:
        payment = a_payment()
        a_line(payment)

        assert broken_by(lambda: a_line(payment)) == "one_capture_an_order"

    def test_hold_one_line_an_effect(self) -> None:
        line = a_line(a_payment())

        assert broken_by(lambda: a_line(a_payment(), effect_id=line.effect_id)) == "one_ledger_line_an_effect"

    @pytest.mark.parametrize(
        ("kind", "amount"), [("capture", -1), ("capture", 0), ("refund", 1), ("waiver", 5), ("gift", 1)]
    )
    def test_hold_lines_that_go_their_way(self, kind: str, amount: int) -> None:
        assert broken_by(lambda: a_line(a_payment(), kind=kind, amount=amount)) == "ledger_line_goes_its_way"

    @pytest.mark.parametrize(
        ("fields", "rule"),
        [
            ({"amount": 0}, "payment_amount_is_positive"),
            ({"currency": "usd"}, "payment_currency_is_iso_4217"),
            ({"captured_amount": 60, "status": "succeeded"}, "payment_captures_at_most_its_amount"),
            (
                {"captured_amount": 50, "refunded_amount": 51, "status": "refunded"},
                "payment_refunds_at_most_what_it_captured",
            ),
            ({"status": "succeeded"}, "payment_status_agrees_with_its_amounts"),
            ({"status": "lost"}, "payment_status_agrees_with_its_amounts"),
            ({"captured_amount": 50}, "payment_status_agrees_with_its_amounts"),
        ],
    )
    def test_hold_payments_that_add_up(self, fields: dict[str, Any], rule: str) -> None:
        assert broken_by(lambda: a_payment(**fields)) == rule

    def test_hold_no_attempt_without_a_payment_but_tombstones(self) -> None:
        payment = a_payment()

        an_attempt(payment, payment=None, amount=None, currency=None, state="cancelled")
        rule = broken_by(lambda: an_attempt(payment, payment=None, amount=None, currency=None))

        assert rule == "only_a_tombstone_lacks_its_payment"

    def test_hold_one_refund_an_effect(self) -> None:
        payment = a_payment()
        attempt = an_attempt(payment)
        fields = {"payment": payment, "attempt": attempt, "effect_id": new_id(), "amount": 5, "currency": "USD"}
        Refund.objects.create(**fields, state="calling", reason="return")

        assert broken_by(lambda: Refund.objects.create(**fields, state="calling", reason="return")) == (
            "one_refund_an_effect"
        )

    def test_hold_one_default_card_a_customer(self) -> None:
        user_id = new_id()
        card = {"gateway": "fake", "brand": "visa", "last4": "4242", "exp_month": 12, "exp_year": 2030}
        PaymentMethod.objects.create(user_id=user_id, token="pm_1", is_default=True, **card)
        PaymentMethod.objects.create(user_id=user_id, token="pm_2", **card)

        rule = broken_by(lambda: PaymentMethod.objects.create(user_id=user_id, token="pm_3", is_default=True, **card))

        assert rule == "one_default_payment_method_a_user"

    def test_hold_a_webhook_once(self) -> None:
        event = {"gateway": "fake", "event_id": "evt_1", "type": "charge.succeeded", "payload": {}}
        WebhookEvent.objects.create(**event)

        assert broken_by(lambda: WebhookEvent.objects.create(**event)) == "webhook_event_is_kept_once"


class TestUpdatedAt:
    def test_is_kept_by_the_database(self) -> None:
        payment = a_payment()
        with connections["payments"].cursor() as cursor:
            cursor.execute("ALTER TABLE payments DISABLE TRIGGER update_payments_updated_at")
            Payment.objects.filter(id=payment.id).update(updated_at=F("updated_at") - timedelta(hours=1))
            cursor.execute("ALTER TABLE payments ENABLE TRIGGER update_payments_updated_at")

        Payment.objects.filter(id=payment.id).update(amount=60)

        payment.refresh_from_db()
        assert payment.updated_at == payment.created_at
