"""A gateway with objects: the object is made and its name stored before money moves. Such as Stripe's."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from uuid import UUID

import pytest
from django.db import transaction

from apps.payments import services
from apps.payments.gateways.base import Charge, ChargeKey, ChargeRequest, ChargeState, Refunded, RefundRequest
from apps.payments.handlers import asked_charge, asked_undoing
from apps.payments.models import PaymentAttempt
from apps.payments.testing import RunningGateway
from apps.sagas.messages import Unknown

from . import factories as f
from .readings import Paid, attempt

pytestmark = [pytest.mark.django_db(databases=["payments"]), pytest.mark.usefixtures("gateway")]


class ObjectGateway:
    """In memory: an object a key, confirmed once, asked for by its reference only."""

    name = "objects"
    opens_first = True

    def __init__(self) -> None:
        self.objects: dict[str, ChargeRequest] = {}
        self.states: dict[str, ChargeState] = {}
        self.stored_at_confirmation: list[str | None] = []
        self.opening_fails = False

    def open(self, requests: Sequence[ChargeRequest]) -> Sequence[str | Unknown]:
        if self.opening_fails:
            return [Unknown("no answer") for _ in requests]
        for request in requests:
            self.objects[f"pi_{request.key}"] = request
            self.states.setdefault(f"pi_{request.key}", ChargeState.ABSENT)
        return [f"pi_{request.key}" for request in requests]

    def charge(self, requests: Sequence[ChargeRequest]) -> Sequence[Charge | Unknown]:
        for request in requests:
            stored = PaymentAttempt.objects.get(id=request.key).gateway_reference
            self.stored_at_confirmation.append(stored)
            assert request.reference == stored
            if self.states[request.reference or ""] is ChargeState.ABSENT:
                self.states[request.reference or ""] = ChargeState.SUCCEEDED
        return [self.told(request.key, request.reference) for request in requests]

    def find(self, keys: Sequence[ChargeKey]) -> Sequence[Charge | Unknown]:
        return [self.told(key.key, key.reference) for key in keys]

    def cancel(self, keys: Sequence[ChargeKey]) -> Sequence[Charge | Unknown]:
        for key in keys:
            if key.reference and self.states[key.reference] is ChargeState.ABSENT:
                self.states[key.reference] = ChargeState.CANCELLED
        return [
            self.told(key.key, key.reference) if key.reference else Charge(key=key.key, state=ChargeState.CANCELLED)
            for key in keys
        ]

    def find_refunds(self, requests: Sequence[RefundRequest]) -> Sequence[Refunded | Unknown | None]:
        return [None for _ in requests]

    def refund(self, requests: Sequence[RefundRequest]) -> Sequence[Refunded | Unknown]:
        return [Refunded(key=request.key, reference="re_1", amount=request.amount) for request in requests]

    def statement(self) -> Iterator[Charge]:
        return iter(())

    def told(self, key: UUID, reference: str | None) -> Charge:
        if reference is None:
            return Charge(key=key, state=ChargeState.ABSENT)
        asked = self.objects[reference]
        amount = asked.amount if self.states[reference] is ChargeState.SUCCEEDED else Decimal(0)
        return Charge(
            key=key, state=self.states[reference], reference=reference, amount=amount, currency=asked.currency
        )


def noted(call: Paid) -> list[services.Attempt]:
    with transaction.atomic(using="payments"):
        return services.note_charges(asked=[asked_charge(call)])


def undone(call: Paid, gateway: ObjectGateway) -> list[Decimal | Unknown]:
    with transaction.atomic(using="payments"):
        undoings = services.note_undoings(asked=[asked_undoing(f.undo(call))])
    results = services.undo(undoings=undoings, gateway=gateway)
    with transaction.atomic(using="payments"):
        return services.record_undoings(undoings=undoings, results=results)


class TestOpeningFirst:
    def test_stores_the_objects_name_before_money_moves(self) -> None:
        gateway, call = ObjectGateway(), f.pay()

        [answer] = services.charge(attempts=noted(call), gateway=gateway)

        assert isinstance(answer, Charge)
        assert answer.state == "succeeded"
        assert gateway.stored_at_confirmation == [f"pi_{call.effect_id}"]

    def test_charges_nothing_where_no_object_was_made(self) -> None:
        gateway, call = ObjectGateway(), f.pay()
        gateway.opening_fails = True

        [answer] = services.charge(attempts=noted(call), gateway=gateway)

        assert answer == Unknown("no answer")
        assert gateway.stored_at_confirmation == []

    def test_charges_nothing_once_a_compensation_has_begun(self) -> None:
        gateway, call = ObjectGateway(), f.pay()
        attempts = noted(call)
        undone(call, gateway)

        [answer] = services.charge(attempts=attempts, gateway=gateway)

        assert answer == Unknown("the charge is being undone")
        assert list(gateway.states.values()) == [ChargeState.ABSENT]
        assert attempt(call).state == "cancelled"

    def test_lets_the_compensation_close_exactly_this_object(self) -> None:
        gateway, call = ObjectGateway(), f.pay()
        services.charge(attempts=noted(call), gateway=gateway)

        amounts = undone(call, gateway)

        assert amounts == [Decimal("59.90")]
        assert attempt(call).state == "refunded"

    def test_asks_for_the_stored_object_after_a_crash(self, gateway: RunningGateway) -> None:
        objects, call = ObjectGateway(), f.pay()
        services.charge(attempts=noted(call), gateway=objects)

        [answer] = services.charge(attempts=noted(call), gateway=objects)

        assert isinstance(answer, Charge)
        assert (answer.state, answer.reference) == ("succeeded", f"pi_{call.effect_id}")
        assert len(objects.stored_at_confirmation) == 1
