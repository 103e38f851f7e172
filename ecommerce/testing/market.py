"""What the soak sells, and to whom: most cards are good, some declined, some lose answers; some stock runs out."""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID

from .customer import APPROVED, DECLINED
from .orders import place_orders
from .shop import make_variants

TIMEOUT_WITH_EFFECT = "test_4000000000004080"
TIMEOUT_WITHOUT_EFFECT = "test_4000000000004081"
SUCCEEDS_LATE = "test_4000000000004021"
CARDS = {APPROVED: 78, DECLINED: 10, TIMEOUT_WITH_EFFECT: 4, TIMEOUT_WITHOUT_EFFECT: 4, SUCCEEDS_LATE: 4}
"""The cards, and how many of a hundred orders are paid with each."""
AMPLE, FEW = 1_000_000, 20
SCARCE_SHARE = 0.2


@dataclass
class Shop:
    """Two variants an order; a fifth of the orders want one of those that run out."""

    chance: random.Random
    ample: list[UUID] = field(default_factory=lambda: make_variants(stock=AMPLE, products=50, variants=2))
    scarce: list[UUID] = field(default_factory=lambda: make_variants(stock=FEW, products=5, variants=2))
    baskets: dict[UUID, list[UUID]] = field(default_factory=dict)
    """The variants of every order placed."""
    cards: dict[UUID, str] = field(default_factory=dict)
    """The card of every order placed."""

    @property
    def stock(self) -> dict[UUID, int]:
        """What there was of each variant, in pieces."""
        return dict.fromkeys(self.ample, AMPLE) | dict.fromkeys(self.scarce, FEW)

    def waves(self, orders: int, *, of: int) -> Iterator[None]:
        """Place so many orders, wave by wave, whenever the next is asked for."""
        for placed in range(0, orders, of):
            self.place(min(of, orders - placed))
            yield

    def place(self, count: int) -> None:
        """Place so many orders, those of a card in one commit."""
        cards = Counter(self.chance.choices(list(CARDS), weights=list(CARDS.values()), k=count))
        for card, times in cards.items():
            baskets = [self.basket() for _ in range(times)]
            order_ids = place_orders(baskets, payment_method=card)
            self.baskets |= dict(zip(order_ids, baskets, strict=True))
            self.cards |= dict.fromkeys(order_ids, card)

    def basket(self) -> list[UUID]:
        if self.chance.random() < SCARCE_SHARE:
            return [self.chance.choice(self.scarce), self.chance.choice(self.ample)]
        return self.chance.sample(self.ample, 2)
