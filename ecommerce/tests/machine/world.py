"""One example's shop: what was placed, asked and heard, on the five databases and before the two judges."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from django.test import override_settings

from apps.catalog.contracts import StockLine
from apps.catalog.services import restock
from apps.core.running import free_port
from apps.orders.sagas.order_processing import ORDER_PROCESSING
from apps.payments.gateways.current import current_gateway
from apps.payments.testing import RunningGateway
from apps.sagas.circuits import CIRCUITS, LaneCircuit
from apps.sagas.definition import Saga
from apps.sagas.relay import SUBSCRIBERS, Delivery, relay
from ecommerce.testing.books import fetch
from ecommerce.testing.mail_sink import MailLog
from ecommerce.testing.orders import place_orders
from ecommerce.testing.shop import make_variants
from ecommerce.testing.stack import ALIASES, LANES

from .asking import Asked
from .surprises import Sleeper
from .versions import SECOND, deploy, take_back

AMPLE, FEW = 1000, 2
LONGEST_REST_SECONDS = 5.0
OUTBOXES = tuple(alias for alias in ALIASES if alias != "accounts")
TOLD = ("order.placed", "order.confirmed", "order.failed")


@dataclass(frozen=True, slots=True)
class Judges:
    """Who knows what really happened outside."""

    gateway: RunningGateway
    mails: MailLog


@dataclass
class World:
    """What one example has done so far."""

    judges: Judges
    began_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    ample: Sequence[UUID] = field(default_factory=lambda: make_variants(stock=AMPLE, variants=2))
    scarce: Sequence[UUID] = field(default_factory=lambda: make_variants(stock=FEW))
    baskets: dict[UUID, Sequence[UUID]] = field(default_factory=dict)
    checked_out: set[UUID] = field(default_factory=set)
    """The orders that came over the API, and were announced as placed."""
    asked: list[Asked] = field(default_factory=list)
    ends: dict[UUID, tuple[str, int]] = field(default_factory=dict)
    """How the sagas stood when they were first seen ended; by order."""
    events: list[Delivery] = field(default_factory=list)
    """What subscribers were told."""
    sleepers: list[Sleeper] = field(default_factory=list)
    saga: Saga = ORDER_PROCESSING
    """What new orders begin with."""

    def __post_init__(self) -> None:
        self.stock = dict.fromkeys(self.ample, AMPLE) | dict.fromkeys(self.scarce, FEW)
        """What came into the house of each variant, in pieces."""
        self._astray: override_settings | None = None
        self._seconds = 0.0
        CIRCUITS.update({lane: LaneCircuit(lane, clock=lambda: self._seconds) for lane in LANES})
        for kind in TOLD:
            SUBSCRIBERS[kind].append(self.events.append)

    def close(self) -> None:
        """Leave everything as it was found."""
        CIRCUITS.clear()
        self.mend()
        take_back()
        for sleeper in self.sleepers:
            sleeper.wake()
        for kind in TOLD:
            SUBSCRIBERS[kind].remove(self.events.append)

    @property
    def orders(self) -> list[UUID]:
        return list(self.baskets)

    def basket(self, *, scarce: bool) -> list[UUID]:
        return [self.scarce[0], self.ample[0]] if scarce else list(self.ample)

    def place(self, count: int, card: str, *, scarce: bool) -> None:
        """Place so many orders of a card, in one commit, as the checkout writes them."""
        basket = self.basket(scarce=scarce)
        order_ids = place_orders([basket] * count, payment_method=card, saga=self.saga)
        self.baskets |= dict.fromkeys(order_ids, basket)

    def restock(self, pieces: int) -> None:
        """Take some more of what is scarce into the house."""
        restock(receipts=[StockLine(variant_id=self.scarce[0], quantity=pieces)])
        self.stock[self.scarce[0]] += pieces

    def lose_the_gateway(self) -> None:
        """Have nobody listen where the gateway is expected; what it holds stays."""
        if self._astray is None:
            self._astray = override_settings(PAYMENT_GATEWAY_URL=f"http://127.0.0.1:{free_port()}")
            self._astray.enable()
            current_gateway.cache_clear()

    def mend(self) -> None:
        """End every fault of gateway and mail server."""
        if self._astray is not None:
            self._astray.disable()
            self._astray = None
            current_gateway.cache_clear()
        self.judges.gateway.mend()
        self.judges.mails.mend()

    def let_time_pass(self, *, hours: int = 0) -> None:
        """Let every lease run out and every wait end, lanes' rests too; hours later, if so many are said."""
        self._seconds += LONGEST_REST_SECONDS + 3600.0 * hours
        fetch(
            "orders",
            "UPDATE saga_transactions SET due_at = clock_timestamp(),"
            " failing_since = failing_since - %s * interval '1 hour'"
            " WHERE order_id = ANY(%s) AND finished_at IS NULL RETURNING id",
            hours,
            self.orders,
        )

    def hold_the_clock(self) -> None:
        """Let nothing come due by itself: how fast the machine runs must not decide what happens."""
        fetch(
            "orders",
            "UPDATE saga_transactions SET due_at = due_at + interval '1 day'"
            " WHERE order_id = ANY(%s) AND finished_at IS NULL"
            " AND due_at BETWEEN clock_timestamp() AND clock_timestamp() + interval '1 hour' RETURNING id",
            self.orders,
        )

    def let_the_deadline_pass(self, order_id: UUID) -> None:
        fetch(
            "orders",
            "UPDATE saga_transactions SET deadline_at = clock_timestamp()"
            " WHERE order_id = %s AND finished_at IS NULL RETURNING id",
            order_id,
        )

    def deploy(self) -> None:
        """Begin new orders with the second version."""
        deploy()
        self.saga = SECOND

    def take_back(self) -> None:
        """Put the release before in its place: nobody works on the second version any more."""
        take_back()
        self.saga = ORDER_PROCESSING

    def relay(self) -> int:
        """Hand over what lies in the outboxes."""
        return sum(relay(alias) for alias in OUTBOXES)
