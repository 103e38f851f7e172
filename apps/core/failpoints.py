"""
Named places where a test can make this process die, stop, wait, fail or lose its databases.

Off unless the environment says otherwise: `FAILPOINTS="after_claim=kill:3"` kills the process at the third pass,
`=stop` freezes it (SIGSTOP), `=sleep(2.5)` waits, `=raise` raises FailpointReached, `=drop-connection` cuts the
thread's connections to the databases. Several are parted by semicolons.
"""

import os
import re
import signal
import socket
import time
from dataclasses import dataclass, field

from django.db import connections

SPELLING = re.compile(
    r"^(?P<name>\w+)=(?P<action>kill|stop|raise|sleep|drop-connection)(\((?P<seconds>[\d.]+)\))?(:(?P<hit>\d+))?$"
)


class FailpointReached(RuntimeError):
    """A failpoint was told to raise here."""


@dataclass(slots=True)
class Failpoint:
    """What happens at one place; `hit` is the pass at which it happens, 0 for every one."""

    action: str
    seconds: float
    hit: int
    passes: int = field(default=0)

    def reach(self, name: str) -> None:
        """Count one pass and act when it is the one."""
        self.passes += 1
        if self.hit and self.passes != self.hit:
            return
        match self.action:
            case "kill":
                os.kill(os.getpid(), signal.SIGKILL)
            case "stop":
                os.kill(os.getpid(), signal.SIGSTOP)
            case "sleep":
                time.sleep(self.seconds)
            case "drop-connection":
                drop_connections()
            case _:
                raise FailpointReached(name)


def drop_connections() -> None:
    """Cut this thread's connections as a network would: neither side is told, and the next statement finds out."""
    for wrapper in connections.all(initialized_only=True):
        if wrapper.connection is not None and not wrapper.connection.closed:
            with socket.socket(fileno=os.dup(wrapper.connection.fileno())) as line:
                line.shutdown(socket.SHUT_RDWR)


def parsed(spelling: str) -> dict[str, Failpoint]:
    """Return the failpoints that FAILPOINTS spells; raises ValueError where it is misspelled."""
    points = {}
    for part in filter(None, spelling.split(";")):
        match = SPELLING.match(part)
        if not match:
            raise ValueError(
                f"FAILPOINTS has {part!r}; write name=kill, stop, raise, sleep(seconds) or drop-connection, then :pass"
            )
        points[match["name"]] = Failpoint(match["action"], float(match["seconds"] or 0), int(match["hit"] or 0))
    return points


ACTIVE = parsed(os.environ.get("FAILPOINTS", ""))


def failpoint(name: str) -> None:
    """Mark a place; does nothing unless a test asked for it."""
    if ACTIVE and name in ACTIVE:
        ACTIVE[name].reach(name)
