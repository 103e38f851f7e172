import random
from collections.abc import Sequence
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.db import transaction

from apps.core.testing.threads import at_once
from apps.payments import handlers
from apps.payments.contracts import PaymentDeclined, PaymentRefunded, PaymentSucceeded, ReturnRefunded
from apps.payments.models import LedgerLine, OutboxEvent, Payment, PaymentAttempt, Refund
from apps.payments.testing import RunningGateway

from . import factories as f
from .readings import held, ledger

pytestmark = pytest.mark.django_db(databases=["payments"], transaction=True)

CHARGED = ("succeeded", Decimal("59.90"), 0)
GIVEN_BACK = ("succeeded", Decimal("59.90"), Decimal("59.90"))


def deliver_shuffled(calls: Sequence[Any], seed: int) -> list[Any]:
    order = list(calls)
    random.Random(seed).shuffle(order)
    return f.deliver(*order)


class TestWorkersOnTheSameBatch:
    def test_charge_each_order_once(self, gateway: RunningGateway) -> None:
        calls = [f.pay() for _ in range(20)]

        replies = at_once(*[partial(deliver_shuffled, calls, seed) for seed in range(4)])

        assert {type(reply) for batch in replies for reply in batch} == {PaymentSucceeded}
        assert [held(gateway, call) for call in calls] == [[CHARGED]] * 20
        assert LedgerLine.objects.count() == OutboxEvent.objects.count() == 20
        assert list(PaymentAttempt.objects.values_list("state", flat=True).distinct()) == ["succeeded"]

    def test_refund_each_order_once(self, gateway: RunningGateway) -> None:
        calls = [f.pay() for _ in range(20)]
        f.deliver(*calls)
        undoings = [f.undo(call) for call in calls]

        replies = at_once(*[partial(deliver_shuffled, undoings, seed) for seed in range(4)])

        assert {reply for batch in replies for reply in batch} == {PaymentRefunded(amount=Decimal("59.90"))}
        assert [held(gateway, call) for call in calls] == [[GIVEN_BACK]] * 20
        assert LedgerLine.objects.count() == OutboxEvent.objects.count() == 40


class TestACompensationBesideItsCharge:
    def test_leaves_no_money_whoever_comes_first(self, gateway: RunningGateway) -> None:
        calls = [f.pay() for _ in range(20)]
        undoings = [f.undo(call) for call in calls]
        workers = [partial(deliver_shuffled, calls, seed) for seed in range(2)]
        workers += [partial(deliver_shuffled, undoings, seed) for seed in range(2)]

        charges, _, undone, _ = at_once(*workers)

        assert {type(reply) for reply in charges} <= {PaymentSucceeded, PaymentDeclined}
        assert {type(reply) for reply in undone} == {PaymentRefunded}
        for call in calls:
            assert held(gateway, call) in ([], [GIVEN_BACK])
            assert sum(amount for _, amount in ledger(call)) == 0
        assert set(Payment.objects.values_list("status", flat=True)) <= {"cancelled", "refunded"}


class TestReturnsOfOneOrder:
    def test_are_promised_no_more_than_was_paid(self, gateway: RunningGateway) -> None:
        paid = f.pay()
        f.deliver(paid)
        said = [f.worth(paid, "20.00") for _ in range(8)]

        def held_by(one: dict[str, Any]) -> Any:
            with transaction.atomic(using="payments"):
                return handlers.hold_refunds([f.hold(one)])[0]

        replies = at_once(*[partial(held_by, one) for one in said])

        # 59.90 were paid: two returns of 20.00 have their money, and no third.
        assert sorted(type(reply).__name__ for reply in replies) == ["RefundExceedsPayment"] * 6 + ["RefundHeld"] * 2
        assert Refund.objects.count() == 2

    def test_are_paid_once_by_many_workers(self, gateway: RunningGateway) -> None:
        paid = f.pay()
        f.deliver(paid)
        calls = [f.give_back(f.worth(paid, "10.00")) for _ in range(5)]

        replies = at_once(*[partial(deliver_shuffled, calls, seed) for seed in range(4)])

        assert {reply for batch in replies for reply in batch} == {ReturnRefunded(amount=Decimal("10.00"))}
        assert held(gateway, paid) == [("succeeded", Decimal("59.90"), Decimal("50.00"))]
        assert sorted(ledger(paid)) == [("capture", Decimal("59.90"))] + [("refund", Decimal("-10.00"))] * 5
