"""
`python -m ecommerce.bench [drain] [checkout] [retention] [audit] [audited] [remote] [search] [outage]
[prices] [catalogue]`: measure.

Each on databases of its own. Every figure of ours stands beside a comparison from the same run.
"""

import argparse
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django
from django.utils.module_loading import import_string

from .databases import bench_databases

DRAINED_ORDERS = 5000
TIMED_CHECKOUTS = 50
ARCHIVED_SAGAS = 1_000_000
WAITING_ORDERS = 200
CHANGED_PRICES = 100_000
SIZES = (10_000, 100_000, 1_000_000)


@contextmanager
def environment(values: dict[str, str]) -> Iterator[None]:
    """Set variables for a while; the servers of the next benchmark are looked for where they were before."""
    before = dict(os.environ)
    os.environ.update(values)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def main() -> None:
    """Run the benchmarks that were named, or the first two; each on fresh databases."""
    parser = argparse.ArgumentParser(prog="ecommerce.bench", description=__doc__)
    parser.add_argument(
        "names",
        nargs="*",
        default=["checkout", "drain"],
        help="checkout, drain, retention, audit, audited, remote, search, outage, prices, catalogue; default: "
        "the first two",
    )
    parser.add_argument("--orders", type=int, help=f"default: {DRAINED_ORDERS} drained, {TIMED_CHECKOUTS} checkouts")
    parser.add_argument("--workers", type=int, default=2, help="lane workers that drain")
    parser.add_argument("--archived", type=int, default=ARCHIVED_SAGAS, help="sagas that finished long ago")
    parser.add_argument("--items", type=int, default=CHANGED_PRICES, help="prices that are changed at once")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="products of generated catalogues")
    parser.add_argument("--json", type=Path, help="where the figures of the catalogues go")
    parser.add_argument("--data", type=Path, help="the folder with the products that are searched")
    parser.add_argument("--ratings", type=Path, action="append", default=[], help="judgments of a search: CSV files")
    options = parser.parse_args()
    os.environ |= {"DEBUG": "0", "DJANGO_SETTINGS_MODULE": "ecommerce.settings.development"}
    for name in options.names:
        with bench_databases() as addresses, environment(addresses):
            # Settings read the addresses, and the benchmarks read the settings: hence in this order.
            django.setup()
            if name in ("drain", "audited", "remote"):
                drain = import_string(f"ecommerce.bench.{name}.run")
                drain(orders=options.orders or DRAINED_ORDERS, workers=options.workers)
            elif name == "retention":
                retention = import_string("ecommerce.bench.retention.run")
                retention(orders=options.orders or DRAINED_ORDERS, workers=options.workers, archived=options.archived)
            elif name == "search":
                import_string("ecommerce.bench.search.run")(data=options.data, ratings=options.ratings)
            elif name == "catalogue":
                import_string("ecommerce.bench.catalogue.run.run")(sizes=options.sizes, file=options.json)
            elif name == "prices":
                import_string("ecommerce.bench.prices.run")(items=options.items)
            elif name == "audit":
                import_string("ecommerce.bench.audit.run")(orders=options.orders or DRAINED_ORDERS)
            elif name == "outage":
                outage = import_string("ecommerce.bench.outage.run")
                outage(orders=options.orders or WAITING_ORDERS, workers=options.workers)
            else:
                import_string(f"ecommerce.bench.{name}.run")(orders=options.orders or TIMED_CHECKOUTS)


main()
