"""The pytest plugin of the project: the embedded servers run before the first test that needs a database."""

from collections.abc import Iterator

import pytest

from apps.core.schema.owned import database_aliases
from apps.core.services.embedded import Servers


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    """The embedded servers, running; those that environment variables put elsewhere are left alone."""
    servers = Servers(databases=database_aliases())
    with servers.in_use():
        yield servers


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None, servers: Servers) -> None:
    """Before pytest-django makes the test databases, their server runs."""
