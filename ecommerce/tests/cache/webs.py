"""Customers at two web servers."""

import itertools
import re
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import connections, transaction

from apps.catalog import services
from apps.catalog.models import Product, ProductVariant
from ecommerce.testing.shop import make_variants
from ecommerce.testing.stack import Stack

ANSWERED = re.compile(r'^body_cache_answers_total\{cache="(\w+)",outcome="(\w+)"\} ([\d.e+]+)$', re.MULTILINE)


def cache_at(url: str) -> dict[str, Any]:
    """Return Django's CACHES with the default one at an address."""
    default: dict[str, Any] = settings.CACHES["default"] | {"LOCATION": url}
    return settings.CACHES | {"default": default}


class Webs:
    """The servers, asked in turn."""

    def __init__(self, stacks: Sequence[Stack]) -> None:
        self.stacks = stacks
        self._turns = itertools.cycle(stacks)

    def get(self, path: str, *, stack: Stack | None = None) -> Any:
        """Return the JSON of an answer that was a success."""
        asked = stack or next(self._turns)
        answer = asked.http.request("GET", asked.url(path), timeout=20.0)
        assert answer.status == 200, (answer.status, answer.data)
        return answer.json()

    def answered(self) -> Counter[tuple[str, str]]:
        """Return how many bodies both answered so far, by cache and outcome."""
        told: Counter[tuple[str, str]] = Counter()
        for stack in self.stacks:
            page = stack.http.request("GET", stack.url("/metrics"), timeout=10.0).data.decode()
            for cache, outcome, number in ANSWERED.findall(page):
                told[cache, outcome] += int(float(number))
        return told

    @contextmanager
    def counting(self) -> Iterator[Counter[tuple[str, str]]]:
        """Give how many bodies both answer meanwhile; it is there once the block has ended."""
        before, told = self.answered(), Counter[tuple[str, str]]()
        yield told
        told.update(self.answered() - before)

    def use_the_cache(self) -> bool:
        """Whether no server leaves the cache alone, as it does for a while after it was out of reach."""
        with self.counting() as answered:
            for stack in self.stacks:
                self.get("/api/v1/categories/", stack=stack)
        return "unreachable" not in {outcome for _, outcome in answered}


@dataclass
class Shirt:
    """One product, whose price is the number of its last change."""

    id: Any
    slug: str
    price: int = 0
    """The last price of which the commit has returned."""

    @classmethod
    def made(cls) -> "Shirt":
        [variant] = make_variants(stock=10)
        product = Product.objects.using("catalog").get(variants=variant)
        shirt = cls(product.id, product.slug)
        shirt.change()
        return shirt

    @property
    def page(self) -> str:
        return f"/api/v1/products/{self.slug}/"

    def change(self) -> None:
        """Raise the price by one: in bulk, then by a write with an announcement beside it, in turn."""
        price = self.price + 1
        if price % 2:
            self.write(price)
        else:
            change = services.Repricing(target=services.Target(product_id=self.id), price=Decimal(price))
            services.change_prices(changes=[change], actor_id=None, source="api")
        self.price = price

    def write(self, price: int) -> None:
        with transaction.atomic(using="catalog"):
            ProductVariant.objects.using("catalog").filter(product_id=self.id).update(price=Decimal(price))
            Product.objects.using("catalog").filter(id=self.id).update(price=Decimal(price))
            services.announce_products(product_ids=[self.id])


@dataclass
class Reading:
    """Readers who note each price older than one that was committed before they asked."""

    webs: Webs
    shirt: Shirt
    answers: int = 0
    stale: list[tuple[float, int, int]] = field(default_factory=list)
    """When the answer began, the price it told, and the one that it ought to have told at least."""
    failed: list[BaseException] = field(default_factory=list)
    _over: threading.Event = field(default_factory=threading.Event)
    _counting: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def by(self, readers: int) -> Iterator["Reading"]:
        """Read for the length of a block."""
        threads = [threading.Thread(target=self._read, args=(number,)) for number in range(readers)]
        for thread in threads:
            thread.start()
        try:
            yield self
        finally:
            self._over.set()
            for thread in threads:
                thread.join()
            connections.close_all()

    def _read(self, number: int) -> None:
        """One in four reads the list, the others the product's page, each at both servers in turn."""
        try:
            for stack in itertools.cycle(self.webs.stacks):
                if self._over.is_set():
                    return
                self._ask(stack, listed=number % 4 == 0)
        except BaseException as error:  # noqa: BLE001 the test tells of it
            self.failed.append(error)

    def _ask(self, stack: Stack, *, listed: bool) -> None:
        began, owed = time.monotonic(), self.shirt.price
        path = f"/api/v1/products/?vendor={self.shirt.slug}" if listed else self.shirt.page
        answer = self.webs.get(path, stack=stack)
        told = [answer] if not listed else answer["results"]
        prices = {int(Decimal(product["price"])) for product in told}
        prices |= {int(Decimal(variant["price"])) for variant in answer.get("variants", [])}
        with self._counting:
            self.answers += 1
            self.stale += [(began, price, owed) for price in prices if price < owed]
