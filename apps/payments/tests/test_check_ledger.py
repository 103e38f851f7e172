import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connections

from apps.core.ids import new_id
from apps.payments.gateways.base import ChargeRequest
from apps.payments.gateways.current import current_gateway
from apps.payments.testing import RunningGateway

from . import factories as f

pytestmark = pytest.mark.django_db(databases=["payments"])


def run(**options: Any) -> str:
    out = StringIO()
    call_command("check_ledger", stdout=out, **options)
    return out.getvalue()


def findings(**options: Any) -> list[tuple[str | None, str, str, str]]:
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("check_ledger", stdout=out, json=True, **options)
    return [tuple(row.values()) for row in json.loads(out.getvalue())["findings"]]


def tampered(statement: str, *values: Any) -> None:
    with connections["payments"].cursor() as cursor:
        cursor.execute(statement, values)


class TestCheckLedger:
    def test_agrees_with_what_the_handlers_write(self, own_gateway: RunningGateway) -> None:
        paid, undone, declined = f.pay(), f.pay(), f.pay(payment_method=f.DECLINED)
        unknown, late = f.pay(payment_method=f.TIMEOUT_WITH_EFFECT), f.pay(payment_method=f.SUCCEEDS_LATE)
        f.deliver(paid, undone, declined, unknown, late)
        f.deliver(f.undo(undone), f.undo(declined), f.undo(late))

        report = json.loads(run(gateway=True, json=True))

        assert report == {"payments": 5, "lines": 5, "open_attempts": 1, "findings": []}

    def test_says_so(self, own_gateway: RunningGateway) -> None:
        f.deliver(f.pay())

        assert run() == "The books agree.\nChecked 1 payments and 1 ledger lines; 0 attempts are open.\n"

    def test_finds_a_payment_that_claims_more_than_its_ledger(self, gateway: RunningGateway) -> None:
        paid = f.pay()
        f.deliver(paid)
        tampered("UPDATE payments SET captured_amount = 40 WHERE order_id = %s", paid.command.order_id)

        found = findings()

        assert found == [(str(paid.command.order_id), "captured_amount", "40.0000", "59.9000")]

    def test_finds_an_attempt_without_its_line(self, gateway: RunningGateway) -> None:
        paid = f.pay()
        f.prepare([paid])
        tampered("UPDATE payment_attempts SET state = 'succeeded' WHERE id = %s", paid.effect_id)

        found = findings()

        assert found == [
            (str(paid.command.order_id), f"capture of attempt {paid.effect_id}", "59.9000", "0"),
        ]

    def test_finds_money_at_the_gateway_that_nobody_asked_for(self, own_gateway: RunningGateway) -> None:
        stray = f.pay().command
        key = new_id()
        request = ChargeRequest(
            key=key,
            order_id=stray.order_id,
            amount=stray.amount,
            currency=stray.currency,
            payment_method=f.APPROVED,
            statement="ORD-1",
        )
        current_gateway().charge([request])

        found = findings(gateway=True)

        assert found == [
            (None, f"charge {key} at the gateway", "no such attempt", "captured 59.9000, refunded 0.0000"),
        ]

    def test_finds_a_charge_that_the_gateway_denies(self, own_gateway: RunningGateway) -> None:
        paid = f.pay()
        f.deliver(paid)
        own_gateway.kill()
        own_gateway.store.unlink()
        own_gateway.start()

        found = findings(gateway=True)

        assert found == [
            (
                str(paid.command.order_id),
                f"charge {paid.effect_id} at the gateway",
                "captured 59.9000, refunded 0",
                "nothing",
            ),
        ]

    def test_says_when_the_gateway_does_not_answer(self, own_gateway: RunningGateway) -> None:
        own_gateway.kill()

        with pytest.raises(CommandError, match="did not answer"):
            run(gateway=True)

    def test_prints_a_table_for_people(self, gateway: RunningGateway) -> None:
        paid = f.pay()
        f.deliver(paid)
        tampered("UPDATE payments SET captured_amount = 40 WHERE order_id = %s", paid.command.order_id)
        out = StringIO()

        with pytest.raises(CommandError, match="The books disagree in 1 places"):
            call_command("check_ledger", stdout=out)

        assert "captured_amount" in out.getvalue()
