"""
`python -m ecommerce.bench NAME`: measure, on databases of the benchmark's own.

Every figure of ours stands beside a comparison from the same run.
"""

import argparse
import os
import sys

import django

from .databases import bench_databases


def main() -> None:
    """Make the databases, point Django at them, and run the benchmark that was named."""
    parser = argparse.ArgumentParser(prog="ecommerce.bench", description=__doc__)
    parser.add_argument("name", nargs="?", default="drain", choices=["drain"])
    parser.add_argument("--orders", type=int, default=5000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--batch", type=int, default=None, help="sagas a claim takes at most")
    options = parser.parse_args()
    with bench_databases() as addresses:
        os.environ.update(addresses)
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ecommerce.settings.development")
        os.environ["DEBUG"] = "0"
        if options.batch:
            os.environ["SAGA_BATCH"] = str(options.batch)
        django.setup()
        # Only now: these modules need Django's settings, which need the addresses above.
        from .drain import run  # noqa: PLC0415

        sys.exit(run(orders=options.orders, workers=options.workers))


main()
