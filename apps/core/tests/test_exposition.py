import os
from pathlib import Path

import requests
from django.test import override_settings

from apps.core.metrics.exposition import forget_the_dead, fresh_folder, serve_where_configured
from apps.core.running import free_port

# Above what Linux and macOS give.
NOBODY = 2**22 + 7


class TestServeWhereConfigured:
    def test_tells_a_worker_s_numbers_on_a_port_of_its_own(self, servers):
        port = free_port()
        with override_settings(METRICS_PORT=port):
            serve_where_configured()

        page = requests.get(f"http://127.0.0.1:{port}/", timeout=5).text

        assert "# TYPE database_query_duration_seconds histogram" in page
        assert 'database_connection_pool_size{service="orders",status="idle"}' in page
        assert "database_up" not in page

    def test_serves_nothing_by_default(self):
        assert serve_where_configured() is None


class TestFolder:
    def test_forgets_what_the_dead_had_open_but_not_what_they_counted(self, tmp_path: Path):
        files = [f"gauge_livesum_{NOBODY}.db", f"counter_{NOBODY}.db", f"gauge_livesum_{os.getpid()}.db"]
        for name in files:
            (tmp_path / name).touch()

        forget_the_dead(tmp_path)

        assert {file.name for file in tmp_path.iterdir()} == set(files[1:])

    def test_is_cleared_of_the_dead_for_a_new_start(self, tmp_path: Path):
        for name in (f"counter_{NOBODY}.db", f"counter_{os.getpid()}.db"):
            (tmp_path / name).touch()

        fresh_folder(tmp_path)

        assert [file.name for file in tmp_path.iterdir()] == [f"counter_{os.getpid()}.db"]
