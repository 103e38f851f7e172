"""One piece is left, and several people press the button at the same moment."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Barrier
from typing import Any
from uuid import UUID

from apps.catalog.contracts import StockLine
from apps.catalog.selectors import list_stock_counts
from apps.catalog.services import Because, StockLevel, restock, set_inventory

from .callers import Caller
from .evidence import Evidence, gather
from .stories import APPROVED_CARD, Wanted, check_out, choose, put_in, stock_of

PIECE = "salt-cellar"
RIVALS = ("Bo", "Cleo", "Dag", "Edda")
TURNED_AWAY = 409
ROUNDS = 5
"""So often the last piece is put up again, until a rival comes as far as the saga before the piece is gone."""
SET_ASIDE = Because(reference_type="demo", notes="All but one set aside")
PUT_BACK = Because(reference_type="demo", notes="Put back what was set aside")


@dataclass(frozen=True, slots=True)
class Race:
    """How it went: the order that got the piece, one that was refused in its saga, and how many at the till."""

    won: Evidence
    refused: Evidence
    refused_in_sagas: int
    refused_at_the_till: int


def race(new_caller: Callable[[str], Caller], tell: Callable[[str], None]) -> Race | None:
    """
    Let the rivals order the last piece at the same moment.

    Whoever comes after the piece is held is turned away at the till, before there is an order. Where all do, the piece
    is put up again, ROUNDS times at most; None when that was never enough. Afterwards the stock is what it was, less
    what was sold.
    """
    piece = choose(new_caller("Bo"), PIECE, 1)
    with one_left(piece.variant_id, tell):
        for _ in range(ROUNDS):
            set_inventory(levels=[StockLevel(variant_id=piece.variant_id, inventory_quantity=1)], because=SET_ASIDE)
            if found := judged(piece, new_caller):
                return found
            tell("All but one were turned away at the till before they had an order; once more.")
    return None


@contextmanager
def one_left(variant_id: UUID, tell: Callable[[str], None]) -> Iterator[None]:
    """Set the other pieces aside for the length of a block."""
    (found,) = list_stock_counts(variant_ids=[variant_id])
    aside = max(found.sellable - 1, 0)
    tell(f"There are {found.sellable} of {found.sku} on the shelf; for the race there is one.")
    try:
        yield
    finally:
        if aside:
            restock(receipts=[StockLine(variant_id=variant_id, quantity=aside)], because=PUT_BACK)


def judged(piece: Wanted, new_caller: Callable[[str], Caller]) -> Race | None:
    """Run one round; None when nobody was refused in a saga."""
    before = stock_of([piece])
    answers = ordered_at_once(piece, new_caller)
    placed = [answer for answer in answers if "order_number" in answer]
    won = [order for order in placed if order["status"] == "confirmed"]
    lost = [order for order in placed if order["status"] == "failed"]
    if not won or not lost:
        return None
    return Race(
        won=gather(won[0], before),
        refused=gather(lost[0], before),
        refused_in_sagas=len(lost),
        refused_at_the_till=len(answers) - len(placed),
    )


def ordered_at_once(piece: Wanted, new_caller: Callable[[str], Caller]) -> list[dict[str, Any]]:
    """Fill a guest's cart for each rival, let all check out at the same moment, and return what each was answered."""
    carts = [cart_of(new_caller(name), piece) for name in RIVALS]
    together = Barrier(len(carts))

    def pay(caller: Caller, cart_id: str) -> dict[str, Any]:
        together.wait(timeout=10)
        return check_out(caller, cart_id, APPROVED_CARD, HARBOUR_OFFICE, TURNED_AWAY)

    with ThreadPoolExecutor(len(carts)) as pool:
        return list(pool.map(lambda cart: pay(*cart), carts))


def cart_of(caller: Caller, piece: Wanted) -> tuple[Caller, str]:
    """Put the piece into a cart of a guest, whose token goes with each later request."""
    cart = caller.post("/carts/", {"email": f"{caller.name.lower()}@example.com"}, "takes a cart, as a guest")
    caller.headers |= {"X-Cart-Token": cart["token"], "X-Order-Token": cart["token"]}
    put_in(caller, cart["id"], piece)
    return caller, cart["id"]


HARBOUR_OFFICE = {
    "name": "Harbour Office",
    "line1": "1 Public Landing",
    "city": "Rockland",
    "region": "ME",
    "postal_code": "04841",
    "country": "US",
}
