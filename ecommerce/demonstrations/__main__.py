"""`python -m ecommerce.demonstrations [NAME ...]`: see the package."""

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django
from django.utils.module_loading import import_string

from apps.core.running import stop_on_signals
from ecommerce.bench.databases import bench_databases
from ecommerce.testing.valkey import broker

NAMES = ("deaths", "rings", "silence", "refund", "release", "row", "books")
SETTINGS = {"DJANGO_SETTINGS_MODULE": "ecommerce.settings.test"}


def main() -> int:
    """Play the demonstrations that were named, or all; return 0 when every claim held, 1 when one did not."""
    parser = argparse.ArgumentParser(prog="ecommerce.demonstrations", description="Break the shop, and tell of it.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(NAMES)}; default: all, in this order")
    parser.add_argument("--orders", type=int, default=1000, help="orders while the broker is emptied")
    parser.add_argument("--silence", type=float, default=120.0, help="seconds for which the gateway is gone")
    options = parser.parse_args()
    if unknown := set(options.names) - set(NAMES):
        parser.error(f"there is no {', '.join(sorted(unknown))}")
    # Whatever ends this program ends what it started.
    stop_on_signals()
    with bench_databases("demonstration") as addresses, folder() as made, broker(made / "broker") as valkey:
        valkey.start()
        # Settings read the addresses, and the demonstrations read the settings: hence in this order.
        os.environ.update(addresses | {"CELERY_BROKER_URL": valkey.url} | SETTINGS)
        django.setup()
        run = import_string("ecommerce.demonstrations.programme.run")
        return int(run(options.names or NAMES, made, valkey, orders=options.orders, silence_seconds=options.silence))


@contextmanager
def folder() -> Iterator[Path]:
    """Give a folder that the servers' system user can reach, and remove it."""
    made = Path(tempfile.mkdtemp(prefix="demonstrations-"))
    made.chmod(0o755)
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        print("\nStopped; nothing that was started runs any more.")
        sys.exit(130)
