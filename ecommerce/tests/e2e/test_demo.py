"""`make demo`, where no shop runs."""

import json
import os
import subprocess
import sys

import pytest

from apps.core.running import free_port
from apps.core.services.addresses import ROOT
from ecommerce.testing.processes import listens

pytestmark = pytest.mark.e2e


class TestTheDemoAlone:
    def test_starts_a_shop_walks_through_it_and_stops_it(self) -> None:
        port = free_port()

        demo = subprocess.run(
            [sys.executable, "manage.py", "demo", "--standalone", "--json"],
            cwd=ROOT,
            env=os.environ | {"DJANGO_SETTINGS_MODULE": "ecommerce.settings.development", "PORT": str(port)},
            capture_output=True,
            text=True,
            timeout=180,
        )

        assert demo.returncode == 0, demo.stderr
        report = json.loads(demo.stdout)
        ends = {name: report[name]["saga"]["status"] for name in ("paid", "declined", "last_piece", "out_of_stock")}
        assert ends == {"paid": "completed", "declined": "failed", "last_piece": "completed", "out_of_stock": "failed"}
        assert [line.partition(":")[0] for line in report["books"]] == [
            "manage.py check_inventory",
            "manage.py check_ledger",
            "manage.py saga verify",
        ]
        assert not listens(int(report["url"].rpartition(":")[2]))
