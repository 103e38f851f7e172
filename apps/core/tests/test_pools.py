import multiprocessing
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

import pytest
from django.db import connections

from apps.core.pools import close_connections


def backend(alias: str = "accounts") -> int:
    """The server's process that serves this thread's connection."""
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def backend_and_close() -> int:
    try:
        return backend()
    finally:
        connections["accounts"].close()


@pytest.mark.committed(databases=["accounts"])
class TestPools:
    def test_are_not_shared_with_a_forked_child(self) -> None:
        own = backend()

        with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("fork")) as executor:
            childs = executor.submit(backend_and_close).result()

        assert childs != own
        assert backend() == own

    def test_serve_threads_one_after_the_other_with_one_connection(self) -> None:
        close_connections()

        backends = {ThreadPoolExecutor(1).submit(backend_and_close).result() for _ in range(3)}

        assert len(backends) == 1

    def test_open_again_after_they_were_closed(self) -> None:
        before = backend()

        close_connections()

        assert backend() != before
