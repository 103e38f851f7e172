import threading

import pytest
from django.conf import settings
from django.db import connections
from prometheus_client import REGISTRY

from apps.core.database import pool_sizes
from apps.core.pools import close_connections


def size(status: str) -> float | None:
    labels = {"service": "payments", "status": status}
    return REGISTRY.get_sample_value("database_connection_pool_size", labels)


@pytest.mark.django_db(transaction=True, databases=["payments"])
class TestRefresh:
    def test_tells_total_idle_and_waiting(self):
        connections["payments"].ensure_connection()
        pool_sizes.refresh()
        busy = size("total"), size("idle"), size("waiting")

        connections["payments"].close()
        pool_sizes.refresh()

        assert busy[0] == busy[1] + 1
        assert (size("total"), size("idle"), size("waiting")) == (busy[0], busy[0], 0)

    def test_tells_zero_of_a_pool_nobody_asked(self):
        close_connections()

        pool_sizes.refresh()

        assert (size("total"), size("idle"), size("waiting")) == (0, 0, 0)

    def test_tells_of_every_database(self):
        pool_sizes.refresh()

        told = {
            sample.labels["service"]
            for family in REGISTRY.collect()
            for sample in family.samples
            if sample.name == "database_connection_pool_size"
        }
        assert told == set(settings.DATABASES) - {"default"}


class TestWatch:
    def test_starts_one_thread_a_process(self):
        pool_sizes.watch()
        pool_sizes.watch()

        assert [thread.name for thread in threading.enumerate()].count("pool-sizes") == 1
