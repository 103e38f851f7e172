"""The shop floor: a web server, a Celery worker for every lane, beat, and a worker that needs no broker."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from django.test.utils import override_settings

from apps.payments.gateways.current import current_gateway
from ecommerce.testing.processes import Process
from ecommerce.testing.stack import LANES, READY, Stack


@dataclass
class Floor:
    """One shop's processes; without `with_celery` its one worker needs no broker."""

    folder: Path
    extra: Mapping[str, str]
    with_celery: bool = True
    stack: Stack = field(init=False)
    workers: list[Process] = field(default_factory=list)

    def open(self) -> None:
        """Start everything and wait until it works; this process asks the same gateway."""
        self.stack = Stack(self.folder, extra=self.extra)
        self._gateway = override_settings(PAYMENT_GATEWAY_URL=self.stack.gateway.url)
        self._gateway.enable()
        current_gateway.cache_clear()
        self.stack.start_judges()
        self.workers = [self.stack.celery_worker(lane) for lane in LANES] if self.with_celery else []
        self.workers.append(self.stack.lane_worker("poller"))
        for worker in self.workers:
            worker.start()
        self.stack.start_web()
        for worker in self.workers:
            if worker.name in LANES:
                worker.ready(lambda log=worker.log: READY in log.read_text(), seconds=60)
        if self.with_celery:
            self.stack.beat.start()

    def close(self) -> None:
        """Stop everything."""
        for worker in self.workers:
            worker.kill()
        self.stack.stop()
        self._gateway.disable()
        current_gateway.cache_clear()
