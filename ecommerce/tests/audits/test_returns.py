"""Whoever breaks by hand what is promised of returns is found by name, and whole returns are not."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest

from apps.core.ids import new_id
from apps.orders import services
from apps.orders.models import Order, OrderLineItem, OrderReturn
from apps.orders.tests import backs as b
from apps.sagas import requests
from apps.sagas.lanes import run_batch
from apps.sagas.models import SagaTransaction
from apps.sagas.testing import drain
from ecommerce.testing.orders import place_orders
from ecommerce.testing.shop import make_variants
from ecommerce.testing.stack import ALIASES, LANES

from .by_hand import found_of, in_ledger, run

pytestmark = pytest.mark.committed(databases=ALIASES)


@dataclass(frozen=True)
class Back:
    """A return of an order's only piece, its receipt and the saga of that."""

    order_id: UUID
    variant_id: UUID
    return_id: UUID
    receipt_id: UUID

    @property
    def saga_id(self) -> UUID:
        return SagaTransaction.objects.get(subject_id=self.receipt_id).id

    @property
    def status(self) -> str:
        return SagaTransaction.objects.get(subject_id=self.receipt_id).status


def received(*, restocks: bool = True) -> Back:
    """A return whose goods have just arrived."""
    (variant_id,) = make_variants(stock=5)
    (order_id,) = place_orders([[variant_id]])
    drain(LANES)
    Order.objects.using("orders").filter(id=order_id).update(user_id=new_id())
    order = Order.objects.using("orders").get(id=order_id)
    (line,) = OrderLineItem.objects.using("orders").filter(order_id=order_id)
    made = b.approved(order, (line, 1))
    return receive(made, variant_id, restocks=restocks)


def receive(made: OrderReturn, variant_id: UUID, *, restocks: bool = True) -> Back:
    made = services.receive_return(return_id=made.id, arrived=b.arrived(made, restocks=restocks), user_id=None)
    assert made.receipt_id is not None
    return Back(made.order_id, variant_id, made.id, made.receipt_id)


def closed(*, restocks: bool = True) -> Back:
    back = received(restocks=restocks)
    drain(LANES)
    assert back.status == "completed"
    return back


def undone() -> Back:
    """A return whose saga somebody called off while its refund was held."""
    back = received()
    requests.ask(saga_id=back.saga_id, kind="cancel", actor="ann", reason="The wrong box.")
    drain(LANES)
    assert back.status == "failed"
    return back


@contextmanager
def restocked_by_hand(back: Back) -> Iterator[None]:
    """A movement that no goods belong to, until the block ends: others count the shop's whole stock."""
    movement = uuid4()
    run(
        "catalog",
        "INSERT INTO inventory_movements"
        " (id, product_variant_id, movement_type, quantity, reference_id, reference_type)"
        " VALUES (%(id)s, %(variant)s, 'return', 1, %(order)s, 'order')",
        id=movement,
        variant=back.variant_id,
        order=back.order_id,
    )
    yield
    run("catalog", "DELETE FROM inventory_movements WHERE id = %(id)s", id=movement)


class TestAWholeReturn:
    def test_is_not_found_wherever_it_stands(self):
        back = received()
        stood = []
        for _ in range(20):
            assert found_of(back.saga_id) == set()
            stood.append(SagaTransaction.objects.get(id=back.saga_id).step)
            for lane in LANES:
                if run_batch(lane):
                    break

        assert back.status == "completed"
        assert len(set(stood)) >= 4

    def test_is_not_found_where_its_goods_cannot_be_sold_again(self):
        assert found_of(closed(restocks=False).saga_id) == set()

    def test_is_not_found_where_it_was_undone_or_where_it_was_received_again(self):
        first = undone()
        before = found_of(first.saga_id)
        again = receive(OrderReturn.objects.using("orders").get(id=first.return_id), first.variant_id)
        drain(LANES)

        assert again.status == "completed"
        assert before == found_of(first.saga_id) == found_of(again.saga_id) == set()

    def test_is_not_found_where_two_people_gave_its_refund_up(self, gateway):
        back = closed()
        run("payments", "UPDATE refunds SET state = 'waived' WHERE receipt_id = %(id)s", id=back.receipt_id)
        in_ledger("DELETE FROM payment_ledger WHERE order_id = %(id)s AND kind = 'refund'", id=back.order_id)

        told = found_of(back.saga_id)

        # Of the return itself nothing; of the money that by this story nobody moved, everything.
        assert {invariant for invariant, _ in told} == {"I1"}


class TestI2:
    def test_names_a_return_of_whose_order_more_went_back_than_was_paid(self):
        back = closed()

        run(
            "payments",
            "INSERT INTO payment_ledger (order_id, payment_id, kind, amount, currency, effect_id)"
            " SELECT order_id, payment_id, 'refund', -0.01, currency, gen_random_uuid() FROM payment_ledger"
            " WHERE order_id = %(id)s AND kind = 'capture'",
            id=back.order_id,
        )

        assert ("I2", f"more of its order {back.order_id} was given back than was charged") in found_of(back.saga_id)
        assert ("I1", f"its order {back.order_id} is worth 0.00 USD, the ledger says -0.01") in found_of(back.saga_id)


class TestI3:
    def test_names_goods_that_were_restocked_twice(self):
        back = closed()

        with restocked_by_hand(back):
            found = found_of(back.saga_id)

        assert found == {("I3", f"of {back.variant_id} 1 can be sold again, and 2 were restocked")}

    def test_names_damaged_goods_that_were_restocked(self):
        back = closed(restocks=False)

        with restocked_by_hand(back):
            found = found_of(back.saga_id)

        assert found == {("I3", f"of {back.variant_id} 0 can be sold again, and 1 were restocked")}


class TestI5:
    def test_names_a_completed_saga_whose_return_is_not_closed(self):
        back = closed()

        run(
            "orders",
            "UPDATE order_returns SET status = 'received', closed_at = NULL WHERE id = %(id)s",
            id=back.return_id,
        )

        assert found_of(back.saga_id) == {("I5", f"it has completed, and its return {back.return_id} is received")}

    def test_names_a_completed_saga_whose_return_knows_it_no_more(self):
        back = closed()

        run("orders", "UPDATE order_returns SET receipt_id = gen_random_uuid() WHERE id = %(id)s", id=back.return_id)

        assert found_of(back.saga_id) == {("I5", "its return is gone")}

    @pytest.mark.parametrize("status", ["received", "closed"])
    def test_names_a_failed_saga_whose_goods_were_taken(self, status):
        back = undone()

        run(
            "orders",
            "UPDATE order_returns SET status = %(status)s, received_at = now(), goods_amount = 0, shipping_amount = 0,"
            " refund_amount = 0, closed_at = CASE %(status)s WHEN 'closed' THEN now() END WHERE id = %(id)s",
            id=back.return_id,
            status=status,
        )

        assert found_of(back.saga_id) == {("I5", f"it has failed, and its return {back.return_id} is {status}")}

    def test_names_a_failed_saga_whose_refund_is_still_promised(self):
        back = undone()

        run("payments", "UPDATE refunds SET state = 'held' WHERE receipt_id = %(id)s", id=back.receipt_id)

        assert found_of(back.saga_id) == {
            ("I5", "it has failed, and its refund of 29.99 USD is held, 0.00 by the ledger")
        }

    def test_names_a_closed_return_without_its_refund(self):
        back = closed()

        run("payments", "DELETE FROM refunds WHERE receipt_id = %(id)s", id=back.receipt_id)

        worth = f"its return {back.return_id} is worth 29.99 USD"
        assert found_of(back.saga_id) == {("I5", f"{worth}, its refund is not there")}

    @pytest.mark.parametrize(
        ("change", "told"),
        [
            ("state = 'calling'", "29.99 USD is calling, 29.99 by the ledger"),
            ("amount = 20", "20.00 USD is succeeded, 29.99 by the ledger"),
            ("amount = 20, state = 'waived'", "20.00 USD is waived, 29.99 by the ledger"),
        ],
    )
    def test_names_a_closed_return_whose_refund_is_not_settled(self, change, told):
        back = closed()

        run("payments", f"UPDATE refunds SET {change} WHERE receipt_id = %(id)s", id=back.receipt_id)

        worth = f"its return {back.return_id} is worth 29.99 USD"
        assert found_of(back.saga_id) == {("I5", f"{worth}, its refund of {told}")}

    def test_names_a_closed_return_whose_refund_the_ledger_does_not_know(self):
        back = closed()

        in_ledger("DELETE FROM payment_ledger WHERE order_id = %(id)s AND kind = 'refund'", id=back.order_id)

        worth = f"its return {back.return_id} is worth 29.99 USD"
        assert found_of(back.saga_id) == {
            ("I5", f"{worth}, its refund of 29.99 USD is succeeded, 0.00 by the ledger"),
            ("I1", f"its order {back.order_id} is worth 0.00 USD, the ledger says 29.99"),
            ("I1", f"of its order {back.order_id} the gateway holds 0.00, the ledger says 29.99"),
        }
