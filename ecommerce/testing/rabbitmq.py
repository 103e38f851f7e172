"""A RabbitMQ of its own for tests: its node name, ports and folder meet nobody else's."""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from apps.core.running import free_port

from .processes import Process, listens

SERVER = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
INSTALLED = SERVER.exists()


@dataclass(frozen=True)
class Rabbit:
    """One node; it can be stopped and started again, and keeps what it stored."""

    process: Process
    port: int

    @property
    def url(self) -> str:
        return f"amqp://guest:guest@127.0.0.1:{self.port}//"

    def start(self) -> None:
        """Start the node and wait until it takes connections."""
        self.process.start().ready(lambda: listens(self.port), seconds=60)

    def freeze(self) -> None:
        """Stop the node in its tracks: its connections stay open, and nobody answers."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let a frozen node go on."""
        self._signal(signal.SIGCONT)

    def queues(self) -> dict[str, str]:
        """Return the type of each queue, by its name."""
        return self._listed("type")

    def waiting(self, queue: str) -> int:
        """Return how many messages a queue holds, those that a consumer has not acknowledged among them."""
        return int(self._listed("messages").get(queue, 0))

    def purge(self, queue: str) -> None:
        """Throw away what waits in a queue."""
        self._control("purge_queue", queue)

    def _listed(self, column: str) -> dict[str, str]:
        rows = self._control("list_queues", "--quiet", "--no-table-headers", "name", column)
        return dict(row.split("\t") for row in rows.splitlines())

    def _control(self, *arguments: str) -> str:
        return subprocess.run(  # noqa: S603 a program of RabbitMQ's
            [str(SERVER.with_name("rabbitmqctl")), *arguments],
            env=self.process.environment,
            capture_output=True,
            text=True,
            check=True,
        ).stdout

    def _signal(self, number: signal.Signals) -> None:
        assert self.process.process is not None
        os.killpg(self.process.process.pid, number)


@contextmanager
def rabbitmq(folder: Path) -> Iterator[Rabbit]:
    """Run one node in a folder, with an epmd of its own, and end both."""
    port = free_port()
    rabbit = Rabbit(Process("rabbitmq", [str(SERVER)], environment(folder, port), folder), port)
    (folder / "plugins").write_text("[].")
    (folder / "rabbitmq.conf").write_text("loopback_users = none\n")
    try:
        rabbit.start()
        yield rabbit
    finally:
        rabbit.process.stop()
        # Erlang's name server is a daemon: it leaves the process group.
        epmd = shutil.which("epmd") or "epmd"
        subprocess.run([epmd, "-kill"], env=rabbit.process.environment, capture_output=True, check=False)  # noqa: S603


def environment(folder: Path, port: int) -> dict[str, str]:
    """Return the environment of the node and of its command line tools."""
    return os.environ | {
        # The cookie, which the tools need too, is made here.
        "HOME": str(folder),
        "RABBITMQ_NODENAME": f"shop-{port}@localhost",
        "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
        "RABBITMQ_NODE_PORT": str(port),
        "RABBITMQ_DIST_PORT": str(free_port()),
        "RABBITMQ_MNESIA_BASE": str(folder / "data"),
        "RABBITMQ_LOG_BASE": str(folder),
        "RABBITMQ_LOGS": "-",
        "RABBITMQ_GENERATED_CONFIG_DIR": str(folder / "generated"),
        "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq.conf"),
        "RABBITMQ_CONF_ENV_FILE": str(folder / "none"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
        "ERL_EPMD_PORT": str(free_port()),
        "ERL_EPMD_ADDRESS": "127.0.0.1",
    }
