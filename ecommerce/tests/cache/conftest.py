"""Two web servers on the test databases, with a cache of their own that can be emptied, killed and frozen."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test.utils import override_settings
from pytest_django import DjangoDbBlocker

from apps.core.circuit import CACHE
from apps.core.services.embedded import Servers
from apps.core.testing.waiting import eventually
from ecommerce.testing.stack import Stack
from ecommerce.testing.valkey import Broker, broker

from .webs import Webs, cache_at


@pytest.fixture(scope="package")
def valkey() -> Iterator[Broker]:
    # Pytest's own folders are closed to the server's system user.
    folder = Path(tempfile.mkdtemp(prefix="cache-"))
    folder.chmod(0o755)
    with broker(folder / "valkey") as one:
        one.start()
        yield one
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="package")
def webs(
    valkey: Broker,
    servers: Servers,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Webs]:
    """The two servers; they share nothing but the databases and the cache."""
    with django_db_blocker.unblock():
        stacks = [Stack(tmp_path_factory.mktemp("web"), extra={"REDIS_URL": valkey.cache_url}) for _ in range(2)]
    try:
        for stack in stacks:
            stack.start_web()
        yield Webs(stacks)
    finally:
        for stack in stacks:
            stack.stop()


@pytest.fixture(autouse=True)
def _same_cache(valkey: Broker, webs: Webs) -> Iterator[None]:
    """This process changes prices; it tells the cache of the servers."""
    CACHE.reset()
    eventually(webs.use_the_cache, seconds=20, what="a cache that both servers use")
    with override_settings(CACHES=cache_at(valkey.cache_url)):
        yield
    CACHE.reset()
