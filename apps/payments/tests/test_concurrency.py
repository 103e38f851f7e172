import random
from collections.abc import Sequence
from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from apps.core.testing.threads import at_once
from apps.payments.contracts import PaymentDeclined, PaymentRefunded, PaymentSucceeded
from apps.payments.models import LedgerLine, OutboxEvent, Payment, PaymentAttempt
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
