from decimal import Decimal

import pytest

from apps.payments.contracts import PaymentSucceeded
from apps.payments.models import LedgerLine, Payment
from apps.payments.testing import RunningGateway

from . import factories as f

pytestmark = pytest.mark.django_db(databases=["payments"])


def ledger(order_id: object) -> list[tuple[str, Decimal]]:
    return list(
        LedgerLine.objects.filter(order_id=order_id).order_by("created_at", "kind").values_list("kind", "amount")
    )


class TestProcessPayment:
    def test_charges_an_order(self, gateway: RunningGateway) -> None:
        call = f.pay(amount=Decimal("59.90"))

        [reply] = f.deliver(call)

        payment = Payment.objects.get(order_id=call.command.order_id)
        [charge] = gateway.charges(call.command.order_id)
        assert reply == PaymentSucceeded(payment_id=payment.id, gateway_reference=charge["reference"])
        assert (charge["state"], charge["amount"]) == ("succeeded", "59.9000")
        assert (payment.status, payment.captured_amount) == ("succeeded", Decimal("59.90"))
        assert ledger(call.command.order_id) == [("capture", Decimal("59.90"))]
