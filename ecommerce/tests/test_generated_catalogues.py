"""Generated catalogues and the benchmark that asks them: the same rows for the same seed, and honest verdicts."""

import json
import random
import subprocess
import sys
from collections import Counter
from itertools import pairwise
from uuid import UUID

import pytest
from django.conf import settings

from ecommerce.bench.catalogue.products import PRODUCT_COLUMNS, VARIANT_COLUMNS, generated
from ecommerce.bench.catalogue.run import Measured, percentile, verdicts
from ecommerce.bench.catalogue.words import Skewed

LEAVES = [UUID(int=n) for n in range(1, 20)]


def catalogue(seed=1, count=500):
    return list(generated(count, seed=seed, leaves=LEAVES))


def comparable(one):
    return [getattr(value, "obj", value) for value in one.product], one.variants, one.category_ids


class TestGenerated:
    def test_is_the_same_for_the_same_seed_only(self):
        first, again, other = ([comparable(one) for one in catalogue(seed)] for seed in (1, 1, 2))

        assert first == again
        assert first != other

    def test_fills_every_column(self):
        for one in catalogue(count=50):
            assert len(one.product) == len(PRODUCT_COLUMNS)
            assert {len(variant) for variant in one.variants} == {len(VARIANT_COLUMNS)}

    def test_gives_ids_of_version_7_in_their_order(self):
        ids = [one.product[0] for one in catalogue()]

        assert {one.version for one in ids} == {7}
        assert all(before < after for before, after in pairwise(ids))
        assert len({variant[0] for one in catalogue() for variant in one.variants} & set(ids)) == 0

    def test_shows_the_price_of_the_first_and_cheapest_variant(self):
        price = PRODUCT_COLUMNS.index("price")
        for one in catalogue():
            assert one.product[price] == one.variants[0][4] == min(variant[4] for variant in one.variants)

    def test_sells_out_and_hides_as_many_as_it_says(self):
        products = catalogue(count=5000)
        hidden = sum(not one.product[PRODUCT_COLUMNS.index("is_active")] for one in products)
        sold_out = sum(not any(variant[5] for variant in one.variants) for one in products)

        assert 200 < hidden < 300
        assert 420 < sold_out < 580


class TestSkewed:
    def test_takes_the_first_twice_as_often_as_the_second(self):
        chance = random.Random(1)
        picked = Counter(Skewed(["a", "b", "c"]).pick(chance) for _ in range(11_000))

        assert 5700 < picked["a"] < 6300
        assert 2700 < picked["b"] < 3300


def measured(products=10, kind="search", **figures):
    usual = {"empty_p50": 1.0, "p50": 2.0, "p99": 4.0, "sql_p50": 1.0, "sql_p99": 2.0, "kept_p50": 1.5, "kept_p99": 2.0}
    return Measured(products=products, kind=kind, **(usual | figures))


class TestVerdicts:
    def test_say_that_promises_are_kept(self):
        assert verdicts([measured(), measured(1000, p99=12.0)]) == [
            "p99 of 1,000 within 3 times that of 10: met, 3.0 at most",
            "rendered within 2.5 times bare SQL and empty request: met, 1.0 at most",
            "kept within 2 times the empty request: met, 1.5 at most",
        ]

    def test_name_what_missed_and_by_how_much(self):
        assert verdicts([measured(), measured(1000, p50=5.2, p99=12.8, kept_p50=2.2)]) == [
            "p99 of 1,000 within 3 times that of 10: missed by search 3.2",
            "rendered within 2.5 times bare SQL and empty request: missed by search (1,000) 2.6",
            "kept within 2 times the empty request: missed by search (1,000) 2.2",
        ]


class TestPercentile:
    def test_is_the_nearest_rank_in_milliseconds(self):
        seconds = [number / 1000 for number in range(1, 101)]

        assert [percentile(seconds, percent) for percent in (50, 99)] == pytest.approx([50.0, 99.0])
        assert percentile([0.5], 99) == 500.0


@pytest.mark.chaos
class TestTheBenchmark:
    def test_runs_to_its_end(self, tmp_path):
        file = tmp_path / "figures.json"
        command = [sys.executable, "-m", "ecommerce.bench", "catalogue", "--sizes", "300", "600", "--json", str(file)]
        outcome = subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, text=True, timeout=300)

        assert outcome.returncode == 0, outcome.stderr[-2000:]
        assert {one["products"] for one in json.loads(file.read_text())} == {300, 600}
        assert "kept within 2 times the empty request" in outcome.stdout
