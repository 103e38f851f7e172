"""The whole shop, running, for the tests that go through all of it."""

import sys
from collections.abc import Iterator

import pytest
from django.db import connections
from pytest_django import DjangoDbBlocker
from rich.console import Console

from apps.core.services.embedded import Servers
from ecommerce.testing.scores import SCORES, table
from ecommerce.testing.stack import ALIASES, Stack


@pytest.fixture(scope="session")
def running_stack(
    servers: Servers,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Stack]:
    """The shop's processes on the test databases; started once."""
    with django_db_blocker.unblock():
        stack = Stack(tmp_path_factory.mktemp("stack"))
    try:
        yield stack.start()
    finally:
        stack.stop()
        with django_db_blocker.unblock():
            for alias in ALIASES:
                connections[alias].close()


@pytest.fixture
def stack(running_stack: Stack) -> Stack:
    """The running shop; whatever an earlier test killed runs again."""
    if not running_stack.gateway.runs:
        running_stack.gateway.start()
    for process, start in (
        (running_stack.web, running_stack.start_web),
        (running_stack.worker, running_stack.start_worker),
    ):
        if process.process is None or process.process.poll() is not None:
            start()
    return running_stack


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """End a run that broke things with one table over all of it."""
    if SCORES:
        terminalreporter.section("chaos")
        Console(file=sys.stdout, width=160).print(table())
