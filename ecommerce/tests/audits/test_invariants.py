"""Whoever breaks an invariant of the shop by hand is found by name, and what is whole is not."""

from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest
import urllib3

from apps.sagas.audit import SUBJECTS, findings, turns
from apps.sagas.models import AuditFinding
from apps.sagas.selectors import get_saga
from apps.sagas.testing import drain
from ecommerce.testing.customer import APPROVED, DECLINED
from ecommerce.testing.orders import place_orders
from ecommerce.testing.shop import make_variants
from ecommerce.testing.stack import ALIASES, LANES

from .by_hand import found_of, in_ledger, run

pytestmark = pytest.mark.committed(databases=ALIASES)


@dataclass(frozen=True)
class Placed:
    """An order, its saga and its only variant."""

    order_id: UUID
    saga_id: UUID
    variant_id: UUID


def placed(*, card: str = APPROVED, stock: int = 5) -> Placed:
    (variant_id,) = make_variants(stock=stock)
    (order_id,) = place_orders([[variant_id]], payment_method=card)
    return Placed(order_id, get_saga(order_id).id, variant_id)


def confirmed() -> Placed:
    order = placed()
    drain(LANES)
    assert get_saga(order.saga_id).status == "completed"
    return order


def failed() -> Placed:
    order = placed(card=DECLINED)
    drain(LANES)
    assert get_saga(order.saga_id).status == "failed"
    return order


def found(order: Placed) -> set[tuple[str, str]]:
    """What every check says of the order's saga: invariant and problem."""
    return found_of(order.saga_id)


def stock(order: Placed) -> list[tuple[str, UUID, str]]:
    (judged,) = turns.judge(SUBJECTS["variant"], [order.variant_id], ["stock_adds_up"])
    return [(one.invariant, one.id, one.problem) for one in judged.findings or []]


class TestAWholeOrder:
    def test_is_not_found_wherever_it_stands(self):
        orders = [confirmed(), failed(), placed()]

        assert [found(order) for order in orders] == [set()] * 3
        assert [stock(order) for order in orders] == [[]] * 3
        drain(LANES)


class TestI1:
    def test_names_a_ledger_that_says_less_than_the_order_is_worth(self):
        order = confirmed()

        in_ledger("UPDATE payment_ledger SET amount = 20 WHERE order_id = %(id)s", id=order.order_id)

        assert found(order) == {
            ("I1", f"its order {order.order_id} is worth 29.99 USD, the ledger says 20.00"),
            ("I1", f"of its order {order.order_id} the gateway holds 29.99, the ledger says 20.00"),
        }

    def test_names_money_that_a_failed_order_kept(self):
        order = failed()

        run(
            "payments",
            "INSERT INTO payment_ledger (order_id, payment_id, kind, amount, currency, effect_id)"
            " SELECT order_id, id, 'capture', 29.99, 'USD', gen_random_uuid() FROM payments WHERE order_id = %(id)s",
            id=order.order_id,
        )

        assert ("I1", f"its order {order.order_id} is worth 0.00 USD, the ledger says 29.99") in found(order)

    def test_names_a_charge_that_the_ledger_gave_back_and_the_gateway_keeps(self):
        order = confirmed()

        run(
            "payments",
            "INSERT INTO payment_ledger (order_id, payment_id, kind, amount, currency, effect_id, reason)"
            " SELECT order_id, payment_id, 'refund', -amount, 'USD', gen_random_uuid(), 'by hand'"
            " FROM payment_ledger WHERE order_id = %(id)s",
            id=order.order_id,
        )

        assert found(order) == {
            ("I1", f"its order {order.order_id} is worth 29.99 USD, the ledger says 0.00"),
            ("I1", f"of its order {order.order_id} the gateway holds 29.99, the ledger says 0.00"),
        }

    def test_counts_what_came_back_and_what_is_on_its_way(self, gateway):
        order = confirmed()
        give_back(gateway, order, "9.99")
        give_back_in_ledger(order, 9.99)
        before = found(order)

        returned(order, 9.99, status="closed")
        counted = found(order)
        returned(order, 10, status="received")
        under_way = found(order)
        give_back(gateway, order, "10.00")
        not_noted_yet = found(order)

        assert {invariant for invariant, _ in before} == {"I1"}
        assert [counted, under_way, not_noted_yet] == [set()] * 3


class TestI2:
    def test_names_an_order_that_was_charged_twice_at_the_gateway(self, gateway):
        order = confirmed()
        again = uuid4()
        charge(gateway, order, again)

        run(
            "payments",
            "INSERT INTO payment_attempts (id, payment_id, order_id, epoch, amount, currency, gateway, state)"
            " SELECT %(again)s, payment_id, order_id, 1, amount, currency, gateway, state"
            " FROM payment_attempts WHERE order_id = %(id)s",
            id=order.order_id,
            again=again,
        )

        assert ("I2", f"its order {order.order_id} was charged 2 times") in found(order)

    def test_names_an_order_that_was_given_back_twice(self):
        order = confirmed()

        for _ in range(2):
            run(
                "payments",
                "INSERT INTO payment_ledger (order_id, payment_id, kind, amount, currency, effect_id)"
                " SELECT order_id, payment_id, 'refund', -amount, currency, gen_random_uuid() FROM payment_ledger"
                " WHERE order_id = %(id)s AND kind = 'capture'",
                id=order.order_id,
            )

        assert ("I2", f"more of its order {order.order_id} was given back than was charged") in found(order)


class TestI3:
    def test_names_a_variant_whose_stock_no_movement_explains(self):
        order = confirmed()

        run("catalog", "UPDATE product_variants SET inventory_quantity = 7 WHERE id = %(id)s", id=order.variant_id)

        ((invariant, variant_id, problem),) = stock(order)
        assert (invariant, variant_id) == ("I3", order.variant_id)
        assert problem.endswith("4 expected, 7 found")
        run("catalog", "UPDATE product_variants SET inventory_quantity = 4 WHERE id = %(id)s", id=order.variant_id)

    def test_names_pieces_that_nobody_holds(self):
        order = confirmed()

        run(
            "catalog",
            "UPDATE product_variants SET inventory_quantity = 3, reserved_quantity = 1 WHERE id = %(id)s",
            id=order.variant_id,
        )

        ((_, variant_id, problem),) = stock(order)
        assert variant_id == order.variant_id
        assert problem.startswith("reserved of ")
        run(
            "catalog",
            "UPDATE product_variants SET inventory_quantity = 4, reserved_quantity = 0 WHERE id = %(id)s",
            id=order.variant_id,
        )

    def test_names_an_order_that_was_sold_more_than_it_has(self):
        order = confirmed()

        run("orders", "UPDATE order_line_items SET quantity = 2 WHERE order_id = %(id)s", id=order.order_id)

        assert found(order) == {("I3", f"of {order.variant_id} 2 were ordered, 1 reserved and 1 sold")}


class TestI5:
    def test_names_a_completed_saga_whose_order_is_not_confirmed(self):
        order = confirmed()

        run("orders", "UPDATE orders SET status = 'cancelled' WHERE id = %(id)s", id=order.order_id)

        assert found(order) == {("I5", f"it has completed, and its order {order.order_id} is cancelled")}

    def test_names_a_failed_saga_that_left_stock_held(self):
        order = failed()

        run("catalog", "UPDATE inventory_reservations SET state = 'held' WHERE order_id = %(id)s", id=order.order_id)

        assert found(order) == {("I5", f"its saga is failed, and 1 of {order.variant_id} are held")}
        assert [invariant for invariant, _, _ in stock(order)] == ["I3"]
        run(
            "catalog", "UPDATE inventory_reservations SET state = 'released' WHERE order_id = %(id)s", id=order.order_id
        )

    def test_names_a_completed_saga_whose_stock_is_not_sold(self):
        order = confirmed()

        run("catalog", "UPDATE inventory_reservations SET state = 'held' WHERE order_id = %(id)s", id=order.order_id)

        assert found(order) == {("I5", f"its saga is completed, and 1 of {order.variant_id} are held")}
        run("catalog", "UPDATE inventory_reservations SET state = 'sold' WHERE order_id = %(id)s", id=order.order_id)

    def test_names_a_sale_that_no_reservation_explains(self):
        order = confirmed()

        run("catalog", "DELETE FROM inventory_reservations WHERE order_id = %(id)s", id=order.order_id)

        assert ("I5", f"its saga is completed, and 0 of {order.variant_id} are missing") in found(order)


class TestI6:
    def test_names_an_order_with_two_ends(self):
        order = confirmed()

        run("orders", "INSERT INTO order_events (order_id, event_type) VALUES (%(id)s, 'failed')", id=order.order_id)

        assert found(order) == {("I6", f"its order {order.order_id} was confirmed and failed")}

    def test_names_an_order_that_is_in_progress_again(self):
        order = confirmed()

        run("orders", "UPDATE orders SET status = 'processing' WHERE id = %(id)s", id=order.order_id)

        assert ("I6", f"its order {order.order_id} was confirmed, and is processing again") in found(order)


class TestI7:
    def test_names_a_confirmed_order_without_its_mail(self):
        order = confirmed()

        run("notifications", "DELETE FROM messages WHERE order_id = %(id)s", id=order.order_id)

        assert found(order) == {("I7", f"the confirmation of its order {order.order_id} is not there")}

    def test_names_a_failed_order_that_was_confirmed_by_mail(self):
        order = failed()

        run(
            "notifications",
            "INSERT INTO messages (kind, order_id, recipient, subject, text, html, state)"
            " VALUES ('order_confirmation', %(id)s, 'ann@example.com', 'Thanks', 'Thanks', 'Thanks', 'unknown')",
            id=order.order_id,
        )

        assert found(order) == {("I7", f"its order {order.order_id} failed, and its confirmation is unknown")}

    def test_names_a_buyer_who_was_told_twice(self):
        order = confirmed()
        rule = "one_message_of_a_kind_an_order"
        run("notifications", f"ALTER TABLE messages DROP CONSTRAINT {rule}")

        try:
            run(
                "notifications",
                "INSERT INTO messages (kind, order_id, recipient, subject, text, html, state)"
                " SELECT kind, order_id, recipient, subject, text, html, 'unknown'"
                " FROM messages WHERE order_id = %(id)s",
                id=order.order_id,
            )
            seen = found(order)
        finally:
            run("notifications", "DELETE FROM messages WHERE order_id = %(id)s", id=order.order_id)
            run("notifications", f"ALTER TABLE messages ADD CONSTRAINT {rule} UNIQUE (order_id, kind)")

        assert seen == {("I7", f"its order {order.order_id} got 2 confirmations")}


class TestI9:
    def test_names_a_charge_without_its_line_in_the_ledger(self):
        order = confirmed()

        in_ledger("DELETE FROM payment_ledger WHERE order_id = %(id)s", id=order.order_id)

        assert ("I9", f"the inbox knows a charge of its order {order.order_id}, the ledger does not") in found(order)

    def test_names_a_line_in_the_ledger_without_its_charge(self):
        order = confirmed()

        in_ledger("UPDATE payment_ledger SET effect_id = gen_random_uuid() WHERE order_id = %(id)s", id=order.order_id)

        assert found(order) == {
            (
                "I9",
                f"the inbox knows a charge of its order {order.order_id}, the ledger does not; "
                f"the ledger has a charge of its order {order.order_id}, the inbox has none",
            )
        }


class TestATurn:
    def test_finds_what_was_broken_since_the_last_and_closes_it_when_it_is_mended(self):
        turns.turn(seconds=20.0)
        order = confirmed()
        run("orders", "UPDATE orders SET status = 'cancelled' WHERE id = %(id)s", id=order.order_id)

        turns.turn(seconds=20.0)

        opened = [one.check_name for one in findings.list_open(invariant="I5") if one.subject_id == order.saga_id]
        assert opened == ["orders_end_as_their_sagas"]
        run("orders", "UPDATE orders SET status = 'confirmed' WHERE id = %(id)s", id=order.order_id)
        for _ in range(3):
            turns.turn(seconds=20.0)
        assert AuditFinding.objects.get(subject_id=order.saga_id).closed_at is not None

    def test_waits_for_a_gateway_that_is_away_and_judges_everything_else(self, gateway):
        turns.turn(seconds=20.0)
        order = confirmed()
        run("orders", "UPDATE orders SET status = 'cancelled' WHERE id = %(id)s", id=order.order_id)
        gateway.kill()

        judged = turns.turn(seconds=20.0)

        assert {one.check for one in judged if one.findings is None} == {
            "gateway_holds_what_the_ledger_says",
            "orders_are_charged_once",
        }
        assert order.saga_id in [one.subject_id for one in findings.list_open(invariant="I5")]
        run("orders", "UPDATE orders SET status = 'confirmed' WHERE id = %(id)s", id=order.order_id)


def post(gateway, path: str, body: object) -> None:
    answer = urllib3.request("POST", f"{gateway.url}{path}", json=body, timeout=10)
    assert answer.status == 200, answer.data


def charge(gateway, order: Placed, key: UUID) -> None:
    """Charge an order at the gateway behind the shop's back."""
    item = {"key": str(key), "request_key": str(key), "order_id": str(order.order_id), "amount": "29.99"}
    item |= {"currency": "USD", "payment_method": APPROVED, "statement": "by hand"}
    post(gateway, "/v1/charges/batch", {"items": [item]})


def give_back(gateway, order: Placed, amount: str) -> None:
    """Give money of an order back at the gateway behind the shop's back."""
    (charged,) = gateway.charges(order.order_id)
    item = {"key": str(uuid4()), "charge_key": charged["key"], "amount": amount, "currency": "USD", "reason": "by hand"}
    post(gateway, "/v1/refunds/batch", {"items": [item]})


def give_back_in_ledger(order: Placed, amount: float) -> None:
    run(
        "payments",
        "INSERT INTO payment_ledger (order_id, payment_id, kind, amount, currency, effect_id)"
        " SELECT order_id, payment_id, 'refund', -%(amount)s, currency, gen_random_uuid() FROM payment_ledger"
        " WHERE order_id = %(id)s AND kind = 'capture'",
        id=order.order_id,
        amount=amount,
    )


def returned(order: Placed, amount: float, *, status: str) -> None:
    """Write down a return of an order."""
    run(
        "orders",
        "INSERT INTO order_returns (order_id, status, reason, currency, goods_amount, shipping_amount, refund_amount,"
        " receipt_id, received_at, closed_at) VALUES (%(id)s, %(status)s, 'damaged', 'USD', %(amount)s, 0, %(amount)s,"
        " gen_random_uuid(), now(), CASE %(status)s WHEN 'closed' THEN now() END)",
        id=order.order_id,
        amount=amount,
        status=status,
    )
