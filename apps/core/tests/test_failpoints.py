"""What the named places do when a test asks for it."""

import os
import signal
import time
from collections.abc import Callable

import pytest
from django.db import OperationalError, connections

from apps.core import failpoints
from apps.core.failpoints import FailpointReached, failpoint, parsed


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Tells this process what to do at which place, as FAILPOINTS does."""
    return lambda spelling: monkeypatch.setattr(failpoints, "ACTIVE", parsed(spelling))


def status_of(child: int) -> int:
    return os.waitpid(child, os.WUNTRACED)[1]


class TestSpelling:
    def test_names_a_place_an_action_and_a_pass(self):
        points = parsed("after_claim=kill:3;after_record=sleep(2.5);after_fence=drop-connection")

        assert {name: (one.action, one.seconds, one.hit) for name, one in points.items()} == {
            "after_claim": ("kill", 0.0, 3),
            "after_record": ("sleep", 2.5, 0),
            "after_fence": ("drop-connection", 0.0, 0),
        }

    @pytest.mark.parametrize("wrong", ["after_claim", "after_claim=die", "after_claim=kill:x", "=kill"])
    def test_is_refused_where_it_is_wrong(self, wrong):
        with pytest.raises(ValueError, match="write name="):
            parsed(wrong)


class TestFailpoint:
    def test_does_nothing_elsewhere(self, told):
        told("there=raise")

        failpoint("here")

    def test_raises_at_the_pass_that_was_named_and_at_no_other(self, told):
        told("here=raise:2")

        failpoint("here")
        with pytest.raises(FailpointReached):
            failpoint("here")
        failpoint("here")

    def test_sleeps(self, told):
        told("here=sleep(0.05)")
        began = time.monotonic()

        failpoint("here")

        assert time.monotonic() - began >= 0.05

    @pytest.mark.parametrize(("action", "number"), [("kill", signal.SIGKILL), ("stop", signal.SIGSTOP)])
    def test_ends_or_freezes_the_process(self, told, action, number):
        told(f"here={action}")
        child = os.fork()
        if child == 0:
            failpoint("here")
            os._exit(0)

        status = status_of(child)
        if os.WIFSTOPPED(status):
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)

        assert (os.WSTOPSIG(status) if os.WIFSTOPPED(status) else os.WTERMSIG(status)) == number

    @pytest.mark.committed(databases=["orders"])
    def test_cuts_the_connections_of_the_thread(self, told):
        told("here=drop-connection")
        with connections["orders"].cursor() as cursor:
            cursor.execute("SELECT 1")

        failpoint("here")

        with pytest.raises(OperationalError), connections["orders"].cursor() as cursor:
            cursor.execute("SELECT 1")
        connections["orders"].close()
