"""What two people give up: the gateway keeps it, the ledger says who decided so, and the books still close."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connections, transaction

from apps.core.integrity import broken_constraint
from apps.payments.contracts import PaymentWaived
from apps.payments.models import LedgerLine, PaymentAttempt, Refund
from apps.payments.selectors import list_ledger_findings
from apps.payments.services import check_gateway
from apps.payments.testing import RunningGateway
from apps.sagas.messages import Unknown

from . import factories as f
from . import readings as r

pytestmark = pytest.mark.django_db(databases=["payments"])


def refused(gateway: RunningGateway) -> Any:
    """Return a payment whose refund the gateway refuses for ever."""
    paid = f.pay()
    f.deliver(paid)
    gateway.fault("refuse", operation="refund", count=-1)
    f.deliver(f.undo(paid))
    return paid


class TestWaivePayment:
    def test_notes_who_keeps_what_the_gateway_holds(self, own_gateway: RunningGateway) -> None:
        paid = refused(own_gateway)

        reply = f.deliver(f.waive(paid))

        assert reply == [PaymentWaived(amount=Decimal("59.9000"), currency="USD")]
        line = LedgerLine.objects.get(order_id=paid.command.order_id, kind="waiver")
        assert (line.amount, line.proposed_by, line.approved_by, line.reason) == (
            Decimal("-59.9000"),
            "ines@example.com",
            "omar@example.com",
            "paid by bank transfer",
        )
        assert r.held(own_gateway, paid) == [("succeeded", Decimal("59.90"), Decimal(0))]
        assert Refund.objects.get(payment__order_id=paid.command.order_id).state == "waived"
        assert list_ledger_findings() + check_gateway() == []

    def test_delivered_twice_acts_once(self, own_gateway: RunningGateway) -> None:
        paid = refused(own_gateway)

        first, again = f.deliver(f.waive(paid)), f.deliver(f.waive(paid))

        assert first == again
        assert r.ledger(paid) == [("capture", Decimal("59.9000")), ("waiver", Decimal("-59.9000"))]

    def test_before_any_charge_leaves_a_tombstone_and_no_line(self, own_gateway: RunningGateway) -> None:
        paid = f.pay()

        reply = f.deliver(f.waive(paid))
        f.deliver(paid)

        assert reply == [PaymentWaived(amount=Decimal(0), currency=None)]
        assert r.attempt(paid).state == "cancelled"
        assert own_gateway.charges(paid.command.order_id) == []
        assert r.ledger(paid) == []

    def test_waits_for_a_gateway_that_is_silent(self, own_gateway: RunningGateway) -> None:
        paid = refused(own_gateway)
        own_gateway.fault("timeout_without_effect", operation="cancel", count=-1)

        (silent,) = f.deliver(f.waive(paid))

        assert isinstance(silent, Unknown)
        assert r.ledger(paid) == [("capture", Decimal("59.9000"))]

    def test_notes_a_refund_that_was_made_and_never_answered(self, own_gateway: RunningGateway) -> None:
        paid = f.pay()
        f.deliver(paid)
        own_gateway.fault("timeout_with_effect", operation="refund", count=1)
        f.deliver(f.undo(paid))

        reply = f.deliver(f.waive(paid))

        assert reply == [PaymentWaived(amount=Decimal(0), currency=None)]
        assert r.ledger(paid) == [("capture", Decimal("59.9000")), ("refund", Decimal("-59.9000"))]
        assert r.payment(paid) == ("refunded", Decimal("59.9000"), Decimal("59.9000"))
        assert list_ledger_findings() + check_gateway() == []

    def test_of_a_charge_that_only_the_gateway_knows_takes_it_into_the_books(self, own_gateway: RunningGateway) -> None:
        paid = f.pay(payment_method=f.TIMEOUT_WITH_EFFECT)
        f.deliver(paid)

        f.deliver(f.waive(paid))

        assert r.ledger(paid) == [("capture", Decimal("59.9000")), ("waiver", Decimal("-59.9000"))]
        assert list_ledger_findings() + check_gateway() == []

    def test_follows_the_books_where_the_gateway_contradicts_them(self, own_gateway: RunningGateway) -> None:
        paid = refused(own_gateway)
        with connections["payments"].cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE payment_attempts DISABLE TRIGGER payment_attempt_follows_its_states")
            cursor.execute("UPDATE payment_attempts SET amount = 60 WHERE id = %s", [paid.effect_id])
            cursor.execute("ALTER TABLE payment_attempts ENABLE TRIGGER payment_attempt_follows_its_states")

        (reply,) = f.deliver(f.waive(paid))

        assert reply == PaymentWaived(amount=Decimal("59.9000"), currency="USD")

    def test_is_taken_back_when_a_late_worker_gives_the_money_back(self, own_gateway: RunningGateway) -> None:
        paid = refused(own_gateway)
        late = f.undo(paid)
        works = f.prepare([late])
        f.deliver(f.waive(paid))

        own_gateway.mend()
        f.record([late], works, f.perform([late], works))

        assert sorted(r.ledger(paid)) == [
            ("capture", Decimal("59.9000")),
            ("refund", Decimal("-59.9000")),
            ("waiver", Decimal("-59.9000")),
            ("waiver", Decimal("59.9000")),
        ]
        assert Refund.objects.get(payment__order_id=paid.command.order_id).state == "succeeded"
        assert list_ledger_findings() + check_gateway() == []


class TestTheBooks:
    def test_find_a_waiver_that_nobody_noted_at_the_charge(self, own_gateway: RunningGateway) -> None:
        paid = refused(own_gateway)
        f.deliver(f.waive(paid))
        PaymentAttempt.objects.filter(id=paid.effect_id).update(waived_at=None)

        (finding,) = list_ledger_findings()

        assert (finding.what, finding.expected, finding.found) == ("waiver", "0", "59.9000")

    def test_find_a_gateway_that_gave_back_what_was_waived(self, own_gateway: RunningGateway) -> None:
        paid = refused(own_gateway)
        late = f.undo(paid)
        works = f.prepare([late])
        f.deliver(f.waive(paid))
        own_gateway.mend()
        f.perform([late], works)

        (finding,) = check_gateway()

        assert finding.expected == "captured 59.9000, refunded 0"


class TestWaiverIsByTwoPeople:
    @pytest.mark.parametrize(
        "who",
        [
            {"proposed_by": "ines@example.com", "approved_by": "Ines@Example.com"},
            {"proposed_by": "ines@example.com"},
            {"approved_by": "omar@example.com"},
            {"proposed_by": "ines@example.com", "approved_by": "omar@example.com", "reason": ""},
        ],
    )
    def test_in_the_ledger(self, own_gateway: RunningGateway, who: dict[str, str]) -> None:
        paid = f.pay()
        f.deliver(paid)
        line = LedgerLine.objects.get(order_id=paid.command.order_id)
        row = {"order_id": line.order_id, "payment_id": line.payment_id, "currency": "USD", "reason": "lost"}

        with pytest.raises(IntegrityError) as caught, transaction.atomic(using="payments"):
            LedgerLine.objects.create(kind="waiver", amount=-1, effect_id=line.payment_id, **row | who)

        assert broken_constraint(caught.value) == "waiver_is_by_two_people"
