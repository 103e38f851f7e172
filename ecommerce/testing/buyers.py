"""
A crowd that goes on buying while the shop is in trouble.

Each buyer asks again with the same key until the shop answers, as a decent client does. What the shop has answered is
an order it must not lose.
"""

import random
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import urllib3

from .customer import APPROVED, Answer, Customer
from .stack import Stack

BUYERS = 3
PATIENCE_SECONDS = 60.0
PAUSE_SECONDS = 0.25


@dataclass(frozen=True, slots=True)
class Bought:
    """One answered checkout: when it was answered, and how long the answer took."""

    order_id: UUID
    number: str
    variants: tuple[UUID, ...]
    at: float
    seconds: float


@dataclass
class Crowd:
    """Buyers in threads of this process, guests but for one; the same seed gives the same baskets."""

    stack: Stack
    variants: Sequence[UUID]
    seed: int
    bought: list[Bought] = field(default_factory=list)
    asked_again: int = 0
    """How often somebody had to ask again: the shop did not answer, or said that it cannot now."""
    surprises: list[str] = field(default_factory=list)
    """Answers that no trouble excuses."""
    gave_up: int = 0
    _leave: threading.Event = field(default_factory=threading.Event)

    @property
    def order_ids(self) -> list[UUID]:
        return [one.order_id for one in self.bought]

    def seconds_between(self, begin: float, end: float) -> list[float]:
        """Return how long the checkouts took that were answered in that time, shortest first."""
        return sorted(one.seconds for one in self.bought if begin <= one.at < end)

    @contextmanager
    def buying(self) -> Iterator["Crowd"]:
        """Buy for the length of a block; every buyer ends the purchase begun."""
        threads = [threading.Thread(target=self._buy_on, args=[n]) for n in range(BUYERS)]
        for thread in threads:
            thread.start()
        try:
            yield self
        finally:
            self._leave.set()
            for thread in threads:
                thread.join()

    def _buy_on(self, number: int) -> None:
        chance = random.Random(self.seed + number)  # noqa: S311 - chance, not secrecy
        while not self._leave.is_set():
            basket = tuple(chance.sample(list(self.variants), 2))
            self._buy(basket, registers=number == 0)
            self._leave.wait(chance.uniform(0, 2 * PAUSE_SECONDS))

    def _buy(self, basket: tuple[UUID, ...], *, registers: bool) -> None:
        """Fill a cart and order it, from the beginning until a cart is there, then with one key until it is ordered."""
        customer, key, cart_id = Customer(self.stack), str(uuid4()), ""
        give_up_at = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < give_up_at:
            try:
                if not cart_id:
                    customer = Customer(self.stack).sign_up() if registers else Customer(self.stack)
                    cart_id = customer.fill_cart(*map(str, basket))
                began = time.monotonic()
                answer = customer.check_out(cart_id, card=APPROVED, key=key)
            except (urllib3.exceptions.HTTPError, AssertionError, ValueError):
                # A cart, an account or an answer that did not come about: nothing was promised.
                self._ask_again()
                continue
            if self._is_bought(answer, basket, began):
                return
        self.gave_up += 1

    def _is_bought(self, answer: Answer, basket: tuple[UUID, ...], began: float) -> bool:
        now = time.monotonic()
        if answer.status in (200, 202):
            self.bought.append(Bought(UUID(answer.body["id"]), answer.body["order_number"], basket, now, now - began))
            return True
        if answer.status < 500 and answer.body.get("code") != "idempotency_key_in_progress":
            self.surprises.append(f"{answer.status}: {answer.body}")
            return True
        self._ask_again()
        return False

    def _ask_again(self) -> None:
        self.asked_again += 1
        time.sleep(PAUSE_SECONDS)
