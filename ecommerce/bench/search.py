"""
How well the search answers, measured on products and judgments that people made.

nDCG@10: the sum of (2^rating - 1) / log2(place + 1) over the first ten answers, divided by that sum for the ten best
rated products; what nobody judged counts 0. Queries without a relevant product say nothing and are left out. Beside it,
from the same run: PostgreSQL's own ranking of the same texts, with all words and with any of them.

Source: Järvelin and Kekäläinen, Cumulated gain-based evaluation of IR techniques (2002); Burges et al. (2005) for the
gain.
"""

import csv
import json
import math
import os
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connections

from apps.catalog import services
from apps.catalog.selectors import list_products, search_products
from apps.core.ids import new_id
from apps.core.services.addresses import ROOT

FIRST = 10
DATA = Path(os.environ.get("SHARED_DATA", ROOT.parent / "shared" / "data")) / "search"
RATINGS = "chorus_dev_ratings.csv"

Ratings = Mapping[str, Mapping[str, float]]
"""The rating of each judged product, by its id in the data; by query."""

COPY = """
COPY products (id, name, slug, description, sku, barcode, price, vendor, published_at) FROM STDIN
"""
PLAIN = """
SELECT slug FROM plain, to_tsquery('english', %s) AS asked
WHERE vector @@ asked ORDER BY ts_rank(vector, asked) DESC, slug LIMIT 10
"""


def run(*, data: Path | None, ratings: Sequence[Path]) -> None:
    """Print nDCG@10 for each file of judgments, query by query; say so where there is no data."""
    folder = data or DATA
    files = sorted(folder.glob("products_*.json.zip"))
    if not files:
        print(f"Skipped: there are no products_*.json.zip in {folder}; --data FOLDER says where they are.")
        return
    call_command("migrate", verbosity=0)
    print(f"{load(files)} products.")
    for file in ratings or [folder / RATINGS]:
        print(f"\n{file.name}")
        report(read_ratings(file))


def load(files: Sequence[Path]) -> int:
    """Put the products into the catalogue as an import would leave it; return how many."""
    skus: set[str] = set()
    with connections["catalog"].cursor() as cursor:
        with cursor.copy(COPY) as copy:
            for product in read_products(files):
                copy.write_row(row_of(product, skus))
        cursor.execute("ANALYZE products")
        cursor.execute(
            "CREATE TABLE plain AS SELECT slug, to_tsvector('english', concat_ws(' ', name, description, vendor, sku))"
            " AS vector FROM products"
        )
    services.move_search_tiers()
    services.recount_search_words()
    return len(skus)


def read_products(files: Sequence[Path]) -> Iterator[dict[str, Any]]:
    for file in files:
        with zipfile.ZipFile(file) as archive:
            for name in archive.namelist():
                if name.endswith(".json") and not name.startswith("__"):
                    yield from json.loads(archive.read(name))


def row_of(product: Mapping[str, Any], skus: set[str]) -> tuple[Any, ...]:
    """Return a product as the columns of COPY have it; its number is its SKU, unless another has that."""
    number = product["name"][:80]
    sku = number if number not in skus else f"{number} {product['id']}"
    skus.add(sku)
    eans = product.get("ean") or [None]
    return (
        new_id(),
        product["title"][:255],
        product["id"],
        product.get("short_description"),
        sku,
        eans[0],
        round((product.get("price") or 0) / 100, 2),
        product.get("supplier"),
        "2026-01-01T00:00:00Z",
    )


def read_ratings(file: Path) -> Ratings:
    ratings: dict[str, dict[str, float]] = defaultdict(dict)
    with file.open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            ratings[row["query"]][row["docid"]] = float(row["final_rating"] or 0)
    return ratings


def report(ratings: Ratings) -> None:
    """Print what each query gets, and the mean of those that have something to find."""
    ways: dict[str, Callable[[str], list[str]]] = {
        "search": searched,
        "all words": lambda query: plainly(query, " & "),
        "any word": lambda query: plainly(query, " | "),
    }
    told = {query: judged for query, judged in ratings.items() if any(judged.values())}
    answers = {name: {query: find(query) for query in ratings} for name, find in ways.items()}
    print(f"{'nDCG@10':40}" + "".join(f"{name:>12}" for name in ways))
    for query, judged in told.items():
        print(f"{query:40}" + "".join(f"{ndcg(answers[name][query], judged):12.3f}" for name in ways))
    means = [sum(ndcg(answers[name][query], judged) for query, judged in told.items()) / len(told) for name in ways]
    print(f"{f'mean of {len(told)} queries':40}" + "".join(f"{mean:12.3f}" for mean in means))
    empty = [sum(not found for found in answers[name].values()) for name in ways]
    print(f"{f'empty answers of {len(ratings)}':40}" + "".join(f"{count:12}" for count in empty))


def searched(query: str) -> list[str]:
    """Return the first slugs of the shop's own search."""
    first = [match.id for match in search_products(list_products(), text=query).matches[:FIRST]]
    slugs = dict(list_products().filter(id__in=first).values_list("id", "slug"))
    return [slugs[product] for product in first]


def plainly(query: str, joint: str) -> list[str]:
    """Return the first slugs by PostgreSQL's own parser and rank."""
    words = "".join(c if c.isalnum() else " " for c in query).split()
    with connections["catalog"].cursor() as cursor:
        cursor.execute(PLAIN, [joint.join(words)])
        return [slug for (slug,) in cursor.fetchall()]


def ndcg(answer: Sequence[str], judged: Mapping[str, float]) -> float:
    """Return the normalised discounted cumulative gain of the first ten; `judged` has something above 0."""
    best = sorted(judged.values(), reverse=True)[:FIRST]
    return gain([judged.get(product, 0) for product in answer[:FIRST]]) / gain(best)


def gain(ratings: Sequence[float]) -> float:
    return math.fsum((2**rating - 1) / math.log2(place + 2) for place, rating in enumerate(ratings))
