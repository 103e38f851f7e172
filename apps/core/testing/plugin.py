"""The pytest plugin of the project: the embedded servers run before the first test that needs a database."""

import pytest
from django.conf import settings

from apps.core.services.embedded import Servers


@pytest.fixture(scope="session")
def servers() -> Servers:
    """The embedded servers, running; those that environment variables put elsewhere are left alone."""
    servers = Servers(databases=[alias for alias in settings.DATABASES if alias != "default"])
    servers.start()
    return servers


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None, servers: Servers) -> None:
    """Before pytest-django makes the test databases, their server runs."""
