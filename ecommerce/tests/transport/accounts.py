"""What became of orders whose catalogue is deployed apart: all ended, and all books agree."""

from dataclasses import dataclass, field
from uuid import UUID

from apps.core.testing.waiting import eventually
from ecommerce.testing.books import fetch, let_leases_pass, stock_after, stock_of_all, unfinished
from ecommerce.testing.customer import APPROVED, DECLINED
from ecommerce.testing.orders import place_orders
from ecommerce.testing.shop import make_variants
from ecommerce.testing.stack import Stack
from ecommerce.testing.witnesses import promises_broken_in

STOCK = 10_000


@dataclass
class Sales:
    """Orders of two variants each: paid ones, declined ones, and some of what is sold out."""

    ample: list[UUID] = field(default_factory=lambda: make_variants(stock=STOCK, products=4))
    none: list[UUID] = field(default_factory=lambda: make_variants(stock=0))
    baskets: dict[UUID, list[UUID]] = field(default_factory=dict)

    def place(self, count: int = 1) -> list[UUID]:
        """Place so many orders of each kind; return their ids."""
        placed: list[UUID] = []
        for first, card in ((self.ample[1], APPROVED), (self.ample[2], DECLINED), (self.none[0], APPROVED)):
            baskets = [[self.ample[0], first]] * count
            order_ids = place_orders(baskets, payment_method=card)
            self.baskets |= dict(zip(order_ids, baskets, strict=True))
            placed += order_ids
        return placed

    def end(self, *, seconds: float = 90, hurry: bool = True) -> None:
        """Wait until every saga has ended; what the dead hold is taken over at once if there is no time to wait."""

        def ended() -> bool:
            left = unfinished(list(self.baskets))
            if left and hurry:
                let_leases_pass()
            return not left

        eventually(ended, seconds=seconds, what="every saga's end", look_seconds=1.0 if hurry else 0.1)

    def check(self, stack: Stack) -> None:
        """Gateway, ledger, mails and histories tell a possible story of each order; the stock is what they say."""
        assert promises_broken_in(stack, list(self.baskets)) == []
        confirmed = {
            order_id
            for (order_id,) in fetch(
                "orders", "SELECT id FROM orders WHERE id = ANY(%s) AND status = 'confirmed'", list(self.baskets)
            )
        }
        assert confirmed == {order_id for order_id, basket in self.baskets.items() if self.ample[1] in basket}
        sold = (variant_id for order_id in confirmed for variant_id in self.baskets[order_id])
        assert stock_of_all(self.ample) == stock_after(dict.fromkeys(self.ample, STOCK), sold)
