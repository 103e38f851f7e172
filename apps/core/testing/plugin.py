"""
The pytest plugin of the project: it registers the fixtures, and keeps together what belongs together.

The fixtures are registered when pytest is configured, after pytest-django's, because of two fixtures of one name the
one registered last is used.
"""

import pytest
from xdist.scheduler import LoadScopeScheduling

from . import fixtures

# Tests of one of these folders share what is costly to start, so one worker runs them all, in order.
TOGETHER = ("apps/core/tests/services/", "ecommerce/tests/journeys/")
# Tests of one file of these share processes.
TOGETHER_BY_FILE = ("ecommerce/tests/transport/",)


def pytest_configure(config: pytest.Config) -> None:
    """Register the project's fixtures over pytest-django's."""
    config.pluginmanager.register(fixtures, "project-fixtures")


class FolderScheduling(LoadScopeScheduling):  # type: ignore[misc]
    """
    Gives out tests one by one, in their order, but some folders and files as a whole.

    xdist's own `loadgroup` lost its groups with pytest 9.2 (pytest-dev/pytest-xdist#1386).
    """

    def _split_scope(self, nodeid: str) -> str:
        if nodeid.startswith(TOGETHER_BY_FILE):
            return nodeid.partition("::")[0]
        return next((folder for folder in TOGETHER if nodeid.startswith(folder)), nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> FolderScheduling:
    """Distribute tests to the workers of `pytest -n`; the order of tests is kept, since it matters to databases."""
    config.option.loadscopereorder = False
    return FolderScheduling(config, log)
