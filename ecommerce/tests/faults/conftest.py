"""A shop on five servers of its own, each behind a proxy, as its processes run in production: a worker a lane."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import DjangoDbBlocker

from apps.core.pools import close_connections
from apps.core.services.addresses import database_variable
from apps.core.services.embedded import Servers
from ecommerce.testing.clusters import Clusters, clusters
from ecommerce.testing.scores import SEED

from .floor import Floor


@pytest.fixture(scope="session")
def seed() -> int:
    """What the baskets are drawn with; CHAOS_SEED gives it again."""
    return SEED


@pytest.fixture(scope="package")
def folder() -> Iterator[Path]:
    """A folder that the servers' system user can reach; pytest's own are closed to it."""
    made = Path(tempfile.mkdtemp(prefix="faults-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture(scope="package")
def own(folder: Path, servers: Servers, django_db_blocker: DjangoDbBlocker) -> Iterator[Clusters]:
    """The five servers; this process asks them directly, whatever their proxies do."""
    with django_db_blocker.unblock(), clusters(folder / "servers") as running:
        yield running


@pytest.fixture(scope="package")
def floor(folder: Path, own: Clusters) -> Iterator[Floor]:
    """The processes of the shop, with nothing between them and their databases but the proxies."""
    floor = Floor(folder / "shop", extra={database_variable(alias): cluster.url for alias, cluster in own.items()})
    try:
        floor.open()
        yield floor
    finally:
        floor.close()


@pytest.fixture(autouse=True)
def _mended(request: pytest.FixtureRequest, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Let a test read what it broke, and leave nothing broken behind."""
    with django_db_blocker.unblock():
        close_connections()
        yield
        if "own" in request.fixturenames:
            for cluster in request.getfixturevalue("own").values():
                if cluster.server.pid() is None:
                    cluster.start()
                cluster.proxy.mend()
