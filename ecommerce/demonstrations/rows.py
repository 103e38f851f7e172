"""Somebody deletes the row of a saga that is half done; it is made anew from its history, and goes on."""

from uuid import UUID

from apps.core.testing.waiting import eventually
from ecommerce.testing.books import fetch, recover
from ecommerce.testing.orders import place_orders
from ecommerce.testing.shop import make_variants

from .playing import Shown, shown
from .stage import Stage

STOCK = 5
ROW = "SELECT id, status, lane, step, seq FROM saga_transactions WHERE order_id = %s"
COLUMNS = ("saga", "status", "lane", "step", "events")


def delete_and_rebuild(stage: Stage) -> Shown:
    """Delete a row between the reservation and the payment, and rebuild it."""
    stage.teller.say("An order holds its stock and is about to be paid.")
    with stage.lane_workers(1, "catalog"):
        (order_id,) = place_orders([make_variants(stock=STOCK, variants=2)])
        eventually(lambda: row_of(order_id)[0][2] == "payments", seconds=30, what="an order that waits to be paid")
    before = row_of(order_id)
    saga_id = str(before[0][0])
    stage.teller.table(COLUMNS, before)
    stage.teller.say("Somebody deletes that row, with SQL.")
    deleted = fetch("orders", "DELETE FROM saga_transactions WHERE order_id = %s RETURNING id", order_id)
    stage.manage("saga", "show", saga_id)
    stage.teller.say("Its history is still there, and so is every column of the row.")
    rebuilt = stage.manage("saga", "rebuild", saga_id, "--reason", "Deleted by hand.")
    after = row_of(order_id)
    stage.teller.table(COLUMNS, after)
    with stage.lane_workers(1):
        recover([order_id])
    books = stage.books([order_id])
    return shown(
        stage,
        [order_id],
        [
            ("the row was gone", len(deleted) == 1),
            (
                "it stands again where it stood",
                rebuilt == 0 and after[0][:4] == before[0][:4],
            ),
            ("the order went on and is confirmed", books.count("confirmed") == 1),
        ],
        row_deleted=1,
    )


def row_of(order_id: UUID) -> list[tuple[UUID, str, str, int, int]]:
    """Return the row of an order's saga, in a list of at most one."""
    return fetch("orders", ROW, order_id)
