"""
What every test may ask for.

The embedded servers run before the first test that needs a database. A test marked `committed(databases=[...])` works
on the test databases with real commits and no clean-up: it uses ids of its own, so that it needs no empty tables.
"""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import connections
from django.test.utils import override_settings, setup_databases, teardown_databases
from pytest_django import DjangoDbBlocker
from pytest_django.fixtures import _get_databases_for_setup

from apps.core.circuit import CACHE
from apps.core.ids import new_id
from apps.core.schema.owned import database_aliases
from apps.core.services.embedded import Servers


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    """The embedded servers, running; those that environment variables put elsewhere are left alone."""
    servers = Servers(databases=database_aliases())
    with servers.in_use():
        yield servers


@pytest.fixture
def own_cache(servers: Servers) -> Iterator[None]:
    """A cache that no other test sees, empty."""
    default = settings.CACHES["default"] | {"KEY_PREFIX": new_id().hex}
    CACHE.reset()
    with override_settings(CACHES=settings.CACHES | {"default": default}):
        yield
    CACHE.reset()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None, servers: Servers) -> None:
    """Before pytest-django makes the test databases, their server runs."""


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest,
    django_test_environment: None,
    django_db_blocker: DjangoDbBlocker,
    django_db_keepdb: bool,
    django_db_createdb: bool,
    django_db_modify_db_settings: None,
) -> Iterator[None]:
    """As pytest-django's own, for the databases of `committed` tests too."""
    aliases, serialized = _get_databases_for_setup(request.session.items)
    for item in request.session.items:
        marker = item.get_closest_marker("committed")
        aliases.update(marker.kwargs["databases"] if marker else ())
    with django_db_blocker.unblock():
        made = setup_databases(
            verbosity=0,
            interactive=False,
            aliases=aliases,  # type: ignore[arg-type]  # Django only asks what is in it
            serialized_aliases=serialized,
            keepdb=django_db_keepdb and not django_db_createdb,
        )
    yield
    if not django_db_keepdb:
        with django_db_blocker.unblock():
            connections.close_all()
            teardown_databases(made, verbosity=0)


@pytest.fixture(autouse=True)
def _committed(request: pytest.FixtureRequest) -> Iterator[None]:
    if request.node.get_closest_marker("committed") is None:
        yield
        return
    request.getfixturevalue("django_db_setup")
    blocker = request.getfixturevalue("django_db_blocker")
    with blocker.unblock():
        for alias in request.node.get_closest_marker("committed").kwargs["databases"]:
            name = connections[alias].settings_dict["NAME"]
            assert name.startswith("test_"), f"{alias} points at {name}: a test never touches a real database"
        yield
        connections.close_all()
