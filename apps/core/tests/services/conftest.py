import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from apps.core.schema.owned import database_aliases
from apps.core.services import processes
from apps.core.services.addresses import Checkout, database_variable
from apps.core.services.embedded import Servers

DATABASES = database_aliases()


def servers_of(checkout: Checkout) -> Servers:
    """The servers of a checkout, whose sentences go nowhere."""
    return Servers(DATABASES, checkout, say=lambda sentence: None)


@contextmanager
def without_other_servers() -> Iterator[None]:
    """Hide the servers that the suite itself may run on: these tests are about the embedded ones."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [*(database_variable(alias) for alias in database_aliases()), "REDIS_URL", "CELERY_BROKER_URL"]:
            patch.delenv(name, raising=False)
        yield


@pytest.fixture(autouse=True, scope="module")
def _no_other_servers() -> Iterator[None]:
    with without_other_servers():
        yield


def make_checkout() -> Iterator[Checkout]:
    # pytest's own temporary folders are closed to other users, and root's servers are another user.
    root = Path(tempfile.mkdtemp(prefix="checkout-"))
    checkout = Checkout(root)
    yield checkout
    # Nothing of it is needed again, so nothing waits for a last checkpoint.
    postgres = servers_of(checkout).postgres()
    processes.end(processes.working_in(postgres.data, program="postgres"))
    servers_of(checkout).stop()
    shutil.rmtree(checkout.sockets, ignore_errors=True)
    shutil.rmtree(root)


checkout = pytest.fixture(make_checkout)
shared_checkout = pytest.fixture(make_checkout, scope="session")
