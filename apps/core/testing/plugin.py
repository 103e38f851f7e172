"""
The pytest plugin of the project: it registers the fixtures.

They are registered when pytest is configured, after pytest-django's, because of two fixtures of one name the one
registered last is used.
"""

import pytest

from . import fixtures


def pytest_configure(config: pytest.Config) -> None:
    """Register the project's fixtures over pytest-django's."""
    config.pluginmanager.register(fixtures, "project-fixtures")
