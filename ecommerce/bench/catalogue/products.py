"""Rows of generated products, as COPY takes them; the same for the same seed."""

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from .words import Skewed, vocabulary

Row = tuple[Any, ...]
PRODUCT_COLUMNS = (
    *("id", "name", "slug", "description", "short_description", "sku", "price", "vendor", "product_type", "tags"),
    *("options", "is_active", "is_featured", "created_at", "updated_at", "published_at", "announced_in_stock"),
    *("popularity_score", "rating_average", "rating_count"),
)
VARIANT_COLUMNS = ("id", "product_id", "title", "sku", "price", "inventory_quantity", "option1", "position")
SIZES = ("S", "M", "L")
FIRST_DAY = datetime(2023, 1, 1, tzinfo=UTC)
DAYS = 1000
INACTIVE, OUT_OF_STOCK, FEATURED = 0.05, 0.1, 0.02
CENTS = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Generated:
    """One product with its variants and the categories it stands in."""

    product: Row
    variants: list[Row]
    category_ids: list[UUID]


def generated(count: int, *, seed: int, leaves: list[UUID]) -> Iterator[Generated]:
    """Yield products one by one; no more than one is in memory."""
    make = Maker(seed, leaves)
    for number in range(1, count + 1):
        yield make.product(number)


class Maker:
    """Makes products of skewed words, vendors, types, tags and prices."""

    def __init__(self, seed: int, leaves: list[UUID]) -> None:
        self.chance = random.Random(seed)  # noqa: S311 no secret
        words = vocabulary(self.chance, 12_000)
        self.words = Skewed(words)
        self.vendors = Skewed([f"{word.title()} Works" for word in words[500:1500]])
        self.types = Skewed([word.title() for word in words[2000:2200]])
        self.tags = Skewed(words[3000:3400])
        self.leaves = leaves

    def product(self, number: int) -> Generated:
        chance, product_id = self.chance, self.new_id(2 * number)
        name = " ".join(self.words.pick(chance) for _ in range(chance.randint(3, 6))).title()
        price = Decimal(math.exp(chance.gauss(3.4, 1.0))).quantize(CENTS) + 1
        variants = self.variants(number, product_id, price)
        created = FIRST_DAY + timedelta(seconds=chance.randrange(DAYS * 86_400))
        ratings = int(chance.expovariate(0.2))
        row = (
            product_id,
            name,
            f"{name.lower().replace(' ', '-')}-{number}",
            " ".join(self.words.pick(chance) for _ in range(chance.randint(20, 40))),
            " ".join(self.words.pick(chance) for _ in range(8)),
            f"SKU-{number:07d}",
            price,
            self.vendors.pick(chance),
            self.types.pick(chance),
            sorted({self.tags.pick(chance) for _ in range(3)}),
            Jsonb([{"name": "Size", "values": list(SIZES[: len(variants)])}]),
            chance.random() >= INACTIVE,
            chance.random() < FEATURED,
            created,
            created,
            created,
            any(variant[5] > 0 for variant in variants),
            chance.expovariate(0.5),
            Decimal(chance.randint(200, 500)) / 100 if ratings else Decimal(0),
            ratings,
        )
        return Generated(row, variants, chance.sample(self.leaves, chance.randint(1, 2)))

    def variants(self, number: int, product_id: UUID, price: Decimal) -> list[Row]:
        """Return one to three sizes, the first the cheapest; where the first is sold out, all are."""
        chance = self.chance
        sold_out = chance.random() < OUT_OF_STOCK
        return [
            (
                self.new_id(2 * number + 1),
                product_id,
                size,
                f"SKU-{number:07d}-{size}",
                price + position,
                0 if sold_out else chance.randint(1, 50),
                size,
                position,
            )
            for position, size in enumerate(SIZES[: chance.randint(1, 3)])
        ]

    def new_id(self, place: int) -> UUID:
        """Return a UUID of version 7, whose time is the place in the catalogue."""
        bits = self.chance.getrandbits(74)
        return UUID(int=place << 80 | 0x7 << 76 | (bits >> 62) << 64 | 0b10 << 62 | (bits & (1 << 62) - 1))
