import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from apps.core.services.addresses import Checkout
from apps.core.services.embedded import Servers

DATABASES = ["accounts", "catalog"]


def servers_of(checkout: Checkout) -> Servers:
    """The servers of a checkout, whose sentences go nowhere."""
    return Servers(DATABASES, checkout, say=lambda sentence: None)


@pytest.fixture(autouse=True)
def _no_other_servers(monkeypatch: pytest.MonkeyPatch) -> None:
    """These tests are about the embedded servers, whatever the suite itself runs on."""
    for name in ["ACCOUNTS_DATABASE_URL", "CATALOG_DATABASE_URL", "REDIS_URL", "CELERY_BROKER_URL"]:
        monkeypatch.delenv(name, raising=False)


def make_checkout() -> Iterator[Checkout]:
    # pytest's own temporary folders are closed to other users, and root's servers are another user.
    root = Path(tempfile.mkdtemp(prefix="checkout-"))
    checkout = Checkout(root)
    yield checkout
    servers_of(checkout).stop()
    shutil.rmtree(root)


checkout = pytest.fixture(make_checkout)
shared_checkout = pytest.fixture(make_checkout, scope="module")
