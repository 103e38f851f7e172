"""A Valkey of its own for tests, as broker or cache: killed, frozen and emptied without anybody else noticing."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import redis

from apps.core.services import processes
from apps.core.services.addresses import Checkout, broker_url, redis_url
from apps.core.services.binaries import valkey_binary
from apps.core.services.folders import prepare, remove_sockets_folder
from apps.core.services.owner import current_owner
from apps.core.services.valkey import Valkey


@dataclass
class Broker:
    """The server of a broker; `url` is where it is, or would be."""

    server: Valkey
    _pid: int = 0

    @property
    def url(self) -> str:
        return broker_url(1, checkout=self.server.checkout)

    @property
    def cache_url(self) -> str:
        """Where it is to those who keep things in it, instead of sending messages."""
        return redis_url(2, checkout=self.server.checkout)

    def start(self) -> None:
        """Start it, empty, and wait until it answers."""
        self.server.start()
        self._pid = self.server.pid() or 0

    def kill(self) -> None:
        """End it at once; what lay in its queues is gone."""
        assert processes.end([self._pid])

    def flush(self) -> None:
        """Throw away everything it holds (FLUSHALL)."""
        with redis.Redis(unix_socket_path=str(self.server.checkout.valkey_socket)) as client:
            client.flushall()

    def freeze(self) -> None:
        """Stop it in its tracks: its connections stay open, new ones are accepted, nobody answers."""
        os.kill(self._pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """Let a frozen one go on."""
        os.kill(self._pid, signal.SIGCONT)


@contextmanager
def broker(folder: Path) -> Iterator[Broker]:
    """Give a broker that is not started yet; end it where it was."""
    server = Valkey(Checkout(folder, "broker"), valkey_binary(), current_owner())
    server.checkout.state.mkdir(parents=True)
    prepare(server.checkout, server.owner, home=server.home, program=server.binary)
    one = Broker(server)
    try:
        yield one
    finally:
        if one._pid and processes.is_alive(one._pid):
            processes.end([one._pid])
        server.checkout.valkey_socket.unlink(missing_ok=True)
        remove_sockets_folder(server.checkout)
