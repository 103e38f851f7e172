"""Files of any size in the same memory, and imports beside each other and beside sales."""

import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connections, transaction

from apps.catalog import services
from apps.catalog.importing.report import Report
from apps.catalog.models import Product, ProductVariant
from apps.catalog.selectors import list_inventory_findings
from apps.core.services.addresses import database_url
from apps.core.testing.threads import at_once
from apps.core.testing.waiting import eventually

from .product_files import Desk, shirt, text_of
from .stock import demand, stock_of

MOST_MEGABYTES = 250
DESCRIPTION = "<p>" + "Woven in the north, worn in the south. " * 20 + "</p>"
# The kernel's own mark: getrusage would count what the parent had before this program was started in its place.
RUN_AND_TELL_PEAK = """
import re, sys
from pathlib import Path
from django.core.management import execute_from_command_line
execute_from_command_line(sys.argv)
sys.stderr.write(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
"""


class TestMemory:
    @pytest.mark.committed(databases=["catalog"])
    @pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak is read from Linux's /proc")
    def test_is_the_same_for_a_large_file_as_for_a_small_one(self, tmp_path: Path) -> None:
        small, large = tmp_path / "small.csv", tmp_path / "large.csv"
        write_scattered(small, products=1500)
        write_scattered(large, products=5000)

        before, after = peak_megabytes(small), peak_megabytes(large)

        assert large.stat().st_size > 3 * small.stat().st_size
        assert after < MOST_MEGABYTES
        assert after - before < 10


@pytest.mark.django_db(databases=["catalog"], transaction=True)
class TestBesideEachOther:
    def test_two_imports_of_one_file_make_its_products_once(self, tmp_path: Path) -> None:
        rows = [shirt(handle=f"shirt-{n}", variant_sku=f"S{n}", product_category="Apparel > Shirts") for n in range(60)]

        first, second = at_once(importing(tmp_path / "a", *rows), importing(tmp_path / "b", *rows))

        assert isinstance(first, Report)
        assert isinstance(second, Report)
        assert (first.refused_rows, second.refused_rows) == (0, 0)
        assert sorted([first.products.created, second.products.created]) == [0, 60]
        assert Product.objects.using("catalog").count() == 60
        assert ProductVariant.objects.using("catalog").count() == 60

    def test_an_import_locks_variants_in_id_order_as_orders_do(self, tmp_path: Path) -> None:
        rows = [shirt(handle=f"shirt-{n}", variant_sku=f"S{9 - n}") for n in range(5)]
        importing(tmp_path / "first", *rows)()
        changed = [row | {"Variant Price": "50"} for row in rows]
        variants = ProductVariant.objects.using("catalog").order_by("id")

        with ThreadPoolExecutor(1) as thread:
            with transaction.atomic(using="catalog"):
                lowest = variants.select_for_update()[0]
                waiting = thread.submit(importing(tmp_path / "second", *changed))
                eventually(somebody_waits, seconds=15, what="a wait for a lock")
                others = list(variants.select_for_update(nowait=True).exclude(id=lowest.id))
            report = waiting.result(timeout=30)

        assert len(others) == 4
        assert report.variants.updated == 5

    def test_sales_go_on_while_an_import_corrects_the_stock(self, tmp_path: Path) -> None:
        rows = [shirt(handle=f"shirt-{n}", variant_sku=f"S{n}", variant_inventory_qty="100") for n in range(40)]
        importing(tmp_path / "first", *rows)()
        variants = list(ProductVariant.objects.using("catalog").order_by("-sku"))
        corrected = [[row | {"Variant Inventory Qty": str(quantity)} for row in rows] for quantity in (90, 80, 70, 60)]

        at_once(
            *(importing(tmp_path / f"{n}", *rows) for n, rows in enumerate(corrected)),
            *(selling(variants) for _ in range(2)),
        )

        assert list_inventory_findings() == []
        assert all(stock_of(variant)[1] == 0 for variant in variants)


def importing(folder: Path, *rows: dict[str, str]) -> Callable[[], Report]:
    """An import to be run in some thread, of a file in a folder of its own."""

    def run() -> Report:
        folder.mkdir()
        with ExitStack() as stack:
            stack.callback(connections["catalog"].close)
            return Desk(folder, stack).run(*rows)

    return run


def selling(variants: list[ProductVariant]) -> Callable[[], None]:
    """Ten orders of one piece of everything, one after the other, each committed."""

    def sell() -> None:
        for _ in range(10):
            order = demand(*((variant, 1) for variant in variants))
            assert services.reserve_inventory(demands=[order]) == {}
            services.commit_inventory(order_ids=[order.order_id])

    return sell


def somebody_waits() -> bool:
    """Whether a statement waits for a lock in the catalogue."""
    with connections["catalog"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE usename = user AND wait_event_type = 'Lock'")
        return bool(cursor.fetchone() != (0,))


def write_scattered(path: Path, *, products: int) -> None:
    """A file of three variants and a picture a product, no two rows of one beside each other."""
    with path.open("w", encoding="utf-8", newline="") as file:
        for size in ("M", "L", "XL"):
            rows = (
                shirt(handle=f"memory-{n}", variant_sku=f"MEM-{n}-{size}", option1_value=size)
                | {"Body (HTML)": DESCRIPTION, "Image Src": f"https://cdn.example/{n}-{size}.jpg"}
                for n in range(products)
            )
            lines = text_of(*rows)
            file.write(lines if size == "M" else lines.partition("\r\n")[2])


def peak_megabytes(file: Path) -> float:
    """The most memory that a process of its own takes for a dry run of a file, on the test database."""
    done = subprocess.run(
        [sys.executable, "-c", RUN_AND_TELL_PEAK, "import_products", str(file), "--dry-run"],
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
        cwd=settings.BASE_DIR,
        env=os.environ
        | {"CATALOG_DATABASE_URL": url_of_test_database(), "DJANGO_SETTINGS_MODULE": "ecommerce.settings.test"},
    )
    assert done.returncode == 0, done.stderr
    return int(done.stderr.split()[-1]) / 1024


def url_of_test_database() -> str:
    address = urlsplit(os.environ.get("CATALOG_DATABASE_URL", database_url("catalog")))
    return address._replace(path=f"/{connections['catalog'].settings_dict['NAME']}").geturl()
