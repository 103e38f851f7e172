"""The order saga, walked from its declaration: what each step asks for, and what is undone when one is refused."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

import pytest

from apps.catalog import contracts as catalog
from apps.core.ids import new_id
from apps.notifications import contracts as notifications
from apps.orders import contracts as orders
from apps.orders.sagas.order_processing import ORDER_PROCESSING
from apps.orders.sagas.send import OrderProcessing, ProcessedLine
from apps.payments import contracts as payments
from apps.sagas.definition import Kind, Step
from apps.sagas.messages import Command, Direction, Refusal, Reply
from apps.sagas.progress import Failed, State, Status
from apps.sagas.testing import Walk

ORDER, BUYER, SHIRT = new_id(), new_id(), new_id()
BOUGHT = OrderProcessing(
    order_id=ORDER,
    order_number="ORD-000042",
    user_id=BUYER,
    email="ann@example.com",
    currency="USD",
    subtotal_price=Decimal("98.00"),
    shipping_price=Decimal("4.90"),
    total_tax=Decimal("7.84"),
    total_discounts=Decimal("10.00"),
    total_price=Decimal("100.74"),
    payment_method="test_4242424242424242",
    lines=(
        ProcessedLine(
            variant_id=SHIRT,
            quantity=2,
            unit_price=Decimal("49.00"),
            total=Decimal("98.00"),
            title="Shirt",
            variant_title="Blue",
        ),
    ),
)


@dataclass(frozen=True)
class Refused(Refusal):
    """A no that any participant might say."""

    message: str = "We would rather not."
    code = "rather_not"


DONE: dict[str, tuple[Command, Reply]] = {
    "validate_products": (
        catalog.ValidateProducts(
            order_id=ORDER,
            currency="USD",
            lines=(catalog.OrderedLine(variant_id=SHIRT, quantity=2, unit_price=Decimal("49.00")),),
        ),
        catalog.ProductsValidated(),
    ),
    "reserve_inventory": (
        catalog.ReserveInventory(order_id=ORDER, lines=(catalog.StockLine(variant_id=SHIRT, quantity=2),)),
        catalog.InventoryReserved(),
    ),
    "process_payment": (
        payments.ProcessPayment(
            order_id=ORDER,
            customer_id=BUYER,
            amount=Decimal("100.74"),
            currency="USD",
            payment_method="test_4242424242424242",
            reference="ORD-000042",
        ),
        payments.PaymentSucceeded(payment_id=UUID(int=1), gateway_reference="ch_1"),
    ),
    "update_order_status": (orders.ConfirmOrder(order_id=ORDER), orders.OrderIsConfirmed()),
    "commit_inventory": (catalog.CommitInventory(order_id=ORDER), catalog.InventoryCommitted()),
    "send_confirmation_email": (
        notifications.SendConfirmationEmail(
            order_id=ORDER,
            order_number="ORD-000042",
            email="ann@example.com",
            currency="USD",
            subtotal_price=Decimal("98.00"),
            shipping_price=Decimal("4.90"),
            total_tax=Decimal("7.84"),
            total_discounts=Decimal("10.00"),
            total_price=Decimal("100.74"),
            lines=(
                notifications.ConfirmedLine(
                    title="Shirt",
                    variant_title="Blue",
                    quantity=2,
                    unit_price=Decimal("49.00"),
                    total=Decimal("98.00"),
                ),
            ),
        ),
        notifications.ConfirmationEmailSent(message_id=UUID(int=2), state="sent"),
    ),
}
"""What each step asks for, and the answer that lets it go on."""
UNDONE: dict[str, tuple[Command, Reply]] = {
    "process_payment": (
        payments.RefundPayment(order_id=ORDER, reason="rather_not"),
        payments.PaymentRefunded(amount=Decimal("0.00")),
    ),
    "reserve_inventory": (catalog.ReleaseInventory(order_id=ORDER), catalog.InventoryReleased()),
    "validate_products": (catalog.ReleaseProductValidation(order_id=ORDER), catalog.ProductValidationReleased()),
    "place_order": (
        orders.RejectOrder(order_id=ORDER, code="rather_not", reason="We would rather not."),
        orders.OrderIsRejected(),
    ),
}
"""What undoes each step, and the answer that it is undone."""
COMPENSATIONS = {
    "validate_products": ["validate_products", "place_order"],
    "reserve_inventory": ["reserve_inventory", "validate_products", "place_order"],
    "process_payment": ["process_payment", "reserve_inventory", "validate_products", "place_order"],
    "update_order_status": ["process_payment", "reserve_inventory", "validate_products", "place_order"],
}
"""The steps that are undone, in order, when one is refused; the refused one itself first, for its effect may stand."""

ASKED = [step for step in ORDER_PROCESSING.steps if step.do]
REVOCABLE = [step for step in ASKED if step.kind is not Kind.RETRIABLE]
CARRIED_ON = [step for step in ASKED if step.kind is Kind.RETRIABLE]


def walked_to(step: Step) -> Walk:
    """A saga whose every step before this one was done."""
    walk = Walk(ORDER_PROCESSING, BOUGHT)
    while walk.step[0] != step.name:
        walk.reply(DONE[walk.step[0]][1])
    return walk


def undone(walk: Walk) -> list[str]:
    """Undo what the saga wants undone, each by its command; return the names of the steps in that order."""
    names = []
    while not walk.progress.finished:
        name, direction = walk.step
        assert direction is Direction.BACKWARD
        command, reply = UNDONE[name]
        walk.expect(command).reply(reply)
        names.append(name)
    return names


class TestOrderProcessing:
    def test_asks_for_each_step_in_turn_and_completes(self):
        walk, asked = Walk(ORDER_PROCESSING, BOUGHT), []

        while not walk.progress.finished:
            command, reply = DONE[walk.step[0]]
            asked.append(walk.step)
            walk.expect(command).reply(reply)

        assert asked == [(name, Direction.FORWARD) for name in DONE]
        assert walk.progress.status is Status.COMPLETED
        assert set(walk.progress.states) == {State.COMPLETED}

    def test_has_no_step_that_these_walks_leave_out(self):
        assert [step.name for step in ASKED] == list(DONE)
        assert [step.name for step in REVOCABLE] == list(COMPENSATIONS)
        assert [step.name for step in reversed(ORDER_PROCESSING.steps) if step.undo] == list(UNDONE)


@pytest.mark.parametrize("step", REVOCABLE, ids=lambda step: step.name)
class TestRefusing:
    def test_undoes_the_steps_so_far_backwards_and_fails(self, step):
        walk = walked_to(step).reply(Refused())

        assert undone(walk) == COMPENSATIONS[step.name]
        assert walk.progress.status is Status.FAILED
        assert (walk.progress.cause.step, walk.progress.cause.code) == (step.name, "rather_not")

    def test_leaves_alone_what_was_never_asked_for(self, step):
        walk = walked_to(step).reply(Refused())
        undone(walk)

        later = [one.name for one in ORDER_PROCESSING.steps[ORDER_PROCESSING.index(step.name) + 1 :]]
        states = dict(zip([one.name for one in ORDER_PROCESSING.steps], walk.progress.states, strict=True))
        assert {states[name] for name in later} == {State.SKIPPED}


@pytest.mark.parametrize("step", CARRIED_ON, ids=lambda step: step.name)
class TestRefusingAfterTheOrderIsConfirmed:
    def test_undoes_nothing_and_asks_again(self, step):
        walk = walked_to(step)

        for _ in range(step.retry.attempts + 1):
            walk.reply(Refused())

        assert walk.progress.status is Status.ACTIVE
        walk.expect(DONE[step.name][0]).reply(DONE[step.name][1])
        assert walk.progress.states[ORDER_PROCESSING.index(step.name)] is State.COMPLETED


@pytest.mark.parametrize("step", REVOCABLE, ids=lambda step: step.name)
class TestFailing:
    def test_is_tried_six_times_before_the_saga_turns_back(self, step):
        walk = walked_to(step)

        for _ in range(5):
            walk.reply(Failed(error="OSError: no answer")).expect(DONE[step.name][0])
        walk.reply(Failed(error="OSError: no answer"))

        assert walk.progress.status is Status.COMPENSATING
        assert (walk.progress.cause.step, walk.progress.cause.code) == (step.name, "technical_failure")

    def test_turns_back_from_the_last_step_that_may_have_run_in_the_same_transaction(self, step):
        walk = walked_to(step)

        for _ in range(6):
            walk.reply(Failed(error="OSError: no answer"))

        # Products are validated and stock is held in one commit of the catalogue.
        first = {"validate_products": "reserve_inventory", "update_order_status": "process_payment"}
        assert walk.step == (first.get(step.name, step.name), Direction.BACKWARD)
