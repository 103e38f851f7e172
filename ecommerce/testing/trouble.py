"""What goes wrong: workers and the gateway are killed, and the gateway answers late, wrongly or not at all."""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from apps.payments.testing import RunningGateway

from .books import fetch, let_leases_pass
from .processes import Process

FAULTS = (
    "timeout_without_effect",
    "timeout_with_effect",
    "reset_without_effect",
    "reset_with_effect",
    "delay",
    "error",
    "saved_error",
    "refuse",
)
MOST_CALLS = 4
DELAY_SECONDS = 0.3


@dataclass
class Trouble:
    """Strikes as chance has it; the same seed strikes in the same order, at whatever the shop does meanwhile."""

    chance: random.Random
    workers: Sequence[Process]
    gateway: RunningGateway
    done: Counter[str] = field(default_factory=Counter)
    """How often each kind of trouble was made."""
    claims_cut: int = 0
    """How many sagas were leased when workers were killed, to whomever."""

    def strike(self) -> None:
        """Make one trouble."""
        (make,) = self.chance.choices(
            [self.kill_a_worker, self.spoil_the_gateway, self.kill_the_gateway, self.let_leases_pass],
            weights=[4, 4, 1, 1],
        )
        make()

    def kill_a_worker(self) -> None:
        """Kill a worker in whatever it does, and start it again; what it held is due when its leases have passed."""
        worker = self.chance.choice(self.workers)
        worker.kill()
        self.done["worker killed"] += 1
        self.claims_cut += claimed()
        worker.start()
        let_leases_pass()

    def spoil_the_gateway(self) -> None:
        """Have the gateway fail in some way, a few times."""
        kind, count = self.chance.choice(FAULTS), self.chance.randint(1, MOST_CALLS)
        self.gateway.fault(kind, count=count, **({"seconds": DELAY_SECONDS} if kind == "delay" else {}))
        self.done[f"gateway told: {kind}"] += count

    def kill_the_gateway(self) -> None:
        """Kill the gateway and start it again; what it had stored it knows."""
        self.gateway.kill()
        self.gateway.start()
        self.done["gateway killed"] += 1

    def let_leases_pass(self) -> None:
        """Take every saga from the worker that holds it, as a worker that was frozen too long would find."""
        let_leases_pass()
        self.done["leases cut short"] += 1


def claimed() -> int:
    """Return how many sagas are leased."""
    return int(fetch("orders", "SELECT count(*) FROM saga_transactions WHERE lease IS NOT NULL")[0][0])
