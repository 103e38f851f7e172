"""What shoppers ask of a catalogue: addresses of each kind, no two alike, the same for the same seed."""

import random
from collections.abc import Callable, Iterator, Mapping
from urllib.parse import urlencode

from django.db import connections

from apps.core.api.cursors import Cursor

LIST = "/api/v1/products/"
Addresses = Iterator[str]


class Shopper:
    """Knows what is in the catalogue, by a sample of it."""

    def __init__(self, seed: int = 1) -> None:
        self.chance = random.Random(seed)  # noqa: S311 no secret
        with connections["catalog"].cursor() as cursor:
            self.products = []
            for end in ("id", "id DESC"):
                cursor.execute(f"SELECT slug, name FROM products WHERE is_active ORDER BY {end} LIMIT 2000")  # noqa: S608
                self.products += cursor.fetchall()
            cursor.execute("SELECT slug FROM categories WHERE parent_id IS NOT NULL ORDER BY slug")
            self.categories = [slug for (slug,) in cursor.fetchall()]
            cursor.execute("SELECT created_at, id FROM products WHERE is_active ORDER BY created_at LIMIT 2000")
            self.oldest = cursor.fetchall()
        self.chance.shuffle(self.products)

    def newest(self) -> Addresses:
        """Lists without a filter that takes anything away."""
        return (listing(price_max=100_000 + number) for number in range(1, 1000))

    def deep(self) -> Addresses:
        """Pages of the same list near its end."""
        return (listing(cursor=Cursor(place).encoded()) for place in self.chance.sample(self.oldest, len(self.oldest)))

    def filtered(self) -> Addresses:
        """Lists of a category within a range of prices, in stock, the cheapest first."""
        while True:
            low = self.chance.randint(1, 40)
            category = self.chance.choice(self.categories)
            high = low + self.chance.randint(10, 60)
            yield listing(category=category, price_min=low, price_max=high, in_stock="true", sort="price")

    def searches(self) -> Addresses:
        """Two words of a product's name."""
        for _, name in self.products:
            yield listing(search=" ".join(self.chance.sample(name.lower().split(), 2)))

    def slugs(self) -> Addresses:
        return (f"{LIST}{slug}/" for slug, _ in self.products)

    def faceted(self) -> Addresses:
        """All facets of a category."""
        while True:
            category = self.chance.choice(self.categories)
            yield listing(category=category, price_max=self.chance.randint(50, 500), facets="true")

    def typed(self) -> Addresses:
        """The first letters of a word, and of the next."""
        for _, name in self.products:
            first, second = name.lower().split()[:2]
            typed = first[: self.chance.randint(2, 5)]
            yield f"{LIST}suggest/?{urlencode({'q': self.chance.choice((typed, f'{first} {second[:2]}'))})}"


def listing(**asked: object) -> str:
    return f"{LIST}?{urlencode(asked)}"


KINDS: Mapping[str, tuple[Callable[[Shopper], Addresses], int]] = {
    "list, newest first": (Shopper.newest, 300),
    "list, deep page": (Shopper.deep, 300),
    "list, filtered": (Shopper.filtered, 300),
    "search": (Shopper.searches, 300),
    "product by slug": (Shopper.slugs, 300),
    "facets": (Shopper.faceted, 60),
    "suggest": (Shopper.typed, 300),
}
"""Each kind of question, and how many are asked."""
