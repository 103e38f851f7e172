"""The shop that is taken apart: databases and a broker of its own, and every process a real one."""

import subprocess
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from uuid import UUID

from django.core.management import call_command
from django.test.utils import override_settings

from apps.core.pools import close_connections
from apps.payments.gateways.current import current_gateway
from ecommerce.testing.accounts import Account, accounts_of
from ecommerce.testing.processes import PYTHON, ROOT, Process
from ecommerce.testing.proxy import Proxy, proxy
from ecommerce.testing.stack import LANES, READY, Stack
from ecommerce.testing.valkey import Broker
from ecommerce.testing.witnesses import promises_broken_in

from .telling import Teller

# Small batches, and no long wait for the gateway: more moments to break something in.
IMPATIENT = {"SAGA_BATCH": "20", "PAYMENT_GATEWAY_READ_SECONDS": "2"}
NEXT_RELEASE = "ecommerce.demonstrations.next_release.settings"
COMMAND_SECONDS = 60


@dataclass(frozen=True, kw_only=True)
class Books:
    """What became of some orders, by every witness."""

    accounts: Sequence[Account]
    broken: Sequence[str]
    """The promises that no order of events could have kept."""

    @property
    def lost(self) -> list[str]:
        return [line for account in self.accounts for line in account.lost()]

    @property
    def doubled(self) -> list[str]:
        return [line for account in self.accounts for line in account.doubled()]

    def count(self, status: str) -> int:
        """Return how many orders ended so."""
        return sum(account.status == status for account in self.accounts)


@dataclass(frozen=True, kw_only=True)
class Stage:
    """The shop; web, gateway and mail server run all the time, each demonstration starts the workers it needs."""

    stack: Stack
    broker: Broker
    line: Proxy
    """The line between the shop and the gateway."""
    teller: Teller
    orders: int
    silence_seconds: float

    @contextmanager
    def lane_workers(self, count: int = 1, *lanes: str, **environment: str) -> Iterator[list[Process]]:
        """Run so many workers that look for themselves, of these lanes or of all."""
        workers = [self.stack.lane_worker(f"worker-{n + 1}", *lanes, **environment).start() for n in range(count)]
        try:
            yield workers
        finally:
            for worker in workers:
                worker.stop()

    @contextmanager
    def celery(self) -> Iterator[None]:
        """Run a Celery worker a lane, and beat: they hear of work through the broker."""
        workers = [self.stack.celery_worker(lane) for lane in LANES]
        try:
            for worker in workers:
                worker.start()
            for worker in workers:
                worker.ready(partial(_takes_work, worker), seconds=60)
            self.stack.beat.start()
            yield
        finally:
            for process in (self.stack.beat, *workers):
                process.stop()

    def books(self, order_ids: Sequence[UUID]) -> Books:
        """Ask databases, gateway and mail server about these orders."""
        return Books(
            accounts=accounts_of(order_ids, self.stack), broken=promises_broken_in(self.stack, list(order_ids))
        )

    def manage(self, *arguments: str, **environment: str) -> int:
        """Run a command of the shop as an operator would, and show it; return its exit code."""
        done = subprocess.run(  # noqa: S603 our own program
            [PYTHON, "manage.py", *arguments],
            env=self.stack.environment | environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=COMMAND_SECONDS,
            check=False,
        )
        self.teller.command(arguments, done.stdout + done.stderr)
        return done.returncode


def _takes_work(worker: Process) -> bool:
    """Tell whether a Celery worker says in its log that it is ready."""
    return READY in worker.log.read_text()


@contextmanager
def set_up(folder: Path, valkey: Broker, teller: Teller, *, orders: int, silence_seconds: float) -> Iterator[Stage]:
    """Give a running shop without workers, its databases migrated; afterwards nothing of it runs."""
    with ExitStack() as stack:
        call_command("migrate", verbosity=0)
        stack.callback(close_connections)
        # Where it leads is known once the gateway has its port.
        line = stack.enter_context(proxy(("127.0.0.1", 1)))
        address = f"http://127.0.0.1:{line.port}"
        shop = Stack(folder, extra={**IMPATIENT, "PAYMENT_GATEWAY_URL": address})
        line.target = ("127.0.0.1", shop.gateway.port)
        stack.callback(shop.stop)
        stack.enter_context(override_settings(PAYMENT_GATEWAY_URL=shop.gateway.url))
        current_gateway.cache_clear()
        shop.start_judges()
        shop.start_web()
        yield Stage(stack=shop, broker=valkey, line=line, teller=teller, orders=orders, silence_seconds=silence_seconds)
