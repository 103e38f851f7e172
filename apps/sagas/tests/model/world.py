"""
A small world around the engine's real moves: two workers, a stockroom, a bank whose requests may be late, lost or both.

A state is a plain tuple, so that all of them can be visited. The saga's moves are the engine's own functions; only what
surrounds them is modelled: claims and leases, the inbox with its tombstones, the payment attempt and the bank's fence.
`broken` names one protection that is taken away, to see that the model would miss it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from apps.sagas.execution import advance
from apps.sagas.messages import Direction
from apps.sagas.progress import Progress, State, Status

from .parts import ERROR, IDLE, NEVER, NO, OUTCOMES, PAY, RESERVE, SAGA, SELL, SILENCE, TWICE, YES, Worker, World
from .people import asked, still_proposed


@dataclass(frozen=True)
class Model:
    """The moves of the world."""

    broken: str = ""
    world: World = field(default_factory=World)

    def moves(self, world: World) -> Iterator[tuple[str, World]]:
        """Yield everything that may happen next, with a name for it."""
        for name, after, progress in asked(world, self.broken):
            granted = self._settled(after, progress)
            # What a request moves it takes from whoever holds it; a proposal moves nothing.
            kept = progress == world.progress or self.broken == "no take-over"
            yield name, granted._replace(lease=world.lease) if kept else granted
        if world.lease is not None:
            yield "lease ends", world._replace(lease=None)
        if world.flight:
            yield "charge lands", world._replace(flight=False, bank=world.bank or "paid")
            yield "charge is lost", world._replace(flight=False)
        for i, worker in enumerate(world.workers):
            for name, after in self._work(world, i, worker):
                yield f"worker {i} {name}", after
            if worker.phase != "idle":
                yield f"worker {i} dies", self._with(world, i, IDLE)

    def canonical(self, world: World) -> World:
        """
        Return the one of several equal states that stands for them all.

        The two workers are alike; of one whose lease is lost only what it does to others matters, for its settle will
        be refused; and how often a step failed matters no more once its tries are spent.
        """
        workers = world.workers
        if self.broken != "no lease":
            workers = tuple(
                worker if world.lease == i else IDLE if worker.phase == "settle" else worker._replace(claimed=None)
                for i, worker in enumerate(workers)
            )
        lease = world.lease
        if repr(workers[0]) > repr(workers[1]):
            workers, lease = workers[::-1], None if lease is None else 1 - lease
        progress = replace(world.progress, failures=min(world.progress.failures, TWICE.attempts))
        return world._replace(progress=progress, workers=workers, lease=lease)

    def _work(self, world: World, i: int, worker: Worker) -> Iterator[tuple[str, World]]:
        if worker.phase == "idle":
            if world.lease is None and not world.progress.finished:
                step, backward = world.progress.step, world.progress.direction is Direction.BACKWARD
                phase = {
                    (RESERVE, False): "reserve",
                    (PAY, False): "intend",
                    (SELL, False): "sell",
                    (RESERVE, True): "release",
                    (PAY, True): "tombstone",
                }[step, backward]
                if world.progress.states[step] is State.WAIVING:
                    phase = "write_off"
                if world.progress.states[step] is State.SKIPPING:
                    phase = "leave_out"
                yield "claims", self._with(world._replace(lease=i), i, Worker(phase, world.progress))
            return
        yield from getattr(self, f"_{worker.phase}")(world, i, worker)

    def _reserve(self, world: World, i: int, worker: Worker) -> Iterator[tuple[str, World]]:
        if world.reserved == "tombstone":
            yield "finds the tombstone", self._hold(world, i, worker, ERROR)
        elif world.reserved and self.broken != "no inbox":
            yield "finds the reply", self._hold(world, i, worker, YES if world.reserved == "yes" else NO)
        else:
            held = world._replace(reserved="yes", stock_held=True)
            yield "reserves", self._hold(held, i, worker, YES)
            yield "finds no stock", self._hold(world._replace(reserved="no"), i, worker, NO)
            yield "fails to reserve", self._hold(world, i, worker, ERROR)

    def _release(self, world: World, i: int, worker: Worker) -> Iterator[tuple[str, World]]:
        if world.released:
            yield "finds it released", self._hold(world, i, worker, YES)
            return
        tombstone = world.reserved or ("tombstone" if self.broken != "no tombstone" else None)
        after = world._replace(released=True, reserved=tombstone, stock_held=False)
        yield "releases", self._hold(after, i, worker, YES)
        yield "fails to release", self._hold(world, i, worker, ERROR)

    def _sell(self, world: World, i: int, worker: Worker) -> Iterator[tuple[str, World]]:
        if world.never_sold:
            yield "finds the tombstone", self._hold(world, i, worker, ERROR)
            return
        if not world.sold:
            yield "fails to sell", self._hold(world, i, worker, ERROR)
        yield "sells, or finds it sold", self._hold(world._replace(sold=True), i, worker, YES)

    def _leave_out(self, world: World, i: int, worker: Worker) -> Iterator[tuple[str, World]]:
        if world.sold:
            yield "finds it sold", self._hold(world, i, worker, YES)
            return
        yield "fails to note the skip", self._hold(world, i, worker, ERROR)
        never = self.broken != "no tombstone of a skip"
        yield "notes the skip", self._hold(world._replace(never_sold=never), i, worker, NEVER)

    def _write_off(self, world: World, i: int, worker: Worker) -> Iterator[tuple[str, World]]:
        if not world.written_off:
            yield "fails to note the waiver", self._hold(world, i, worker, ERROR)
        noted = world._replace(written_off=True, paid=world.paid or "tombstone")
        yield "notes the waiver", self._hold(noted, i, worker, YES)

    def _intend(self, world: World, i: int, worker: Worker) -> Iterator[tuple[str, World]]:
        if world.paid:
            known = {"yes": YES, "no": NO, "tombstone": ERROR}[world.paid]
            yield "finds the reply", self._hold(world, i, worker, known)
        elif world.attempt is None:
            yield "notes the intent", self._with(world._replace(attempt="calling"), i, worker._replace(phase="call"))
        elif world.attempt == "calling":
            yield "finds the intent", self._with(world, i, worker._replace(phase="ask"))
        else:
            yield "finds the attempt closed", self._hold(world, i, worker, ERROR)

    def _ask(self, world: World, i: int, worker: Worker) -> Iterator[tuple[str, World]]:
        if world.bank is None:
            yield "asks, hears nothing", self._with(world, i, worker._replace(phase="call"))
        else:
            yield "asks, hears of it", self._with(world, i, worker._replace(phase="record"))

    def _call(self, world: World, i: int, worker: Worker) -> Iterator[tuple[str, World]]:
        yield "sends the charge", self._with(world._replace(flight=True), i, worker._replace(phase="wait"))
        if world.bank is None:
            # A decline that is not tied to the key: an earlier request under it may still land.
            declined = worker._replace(phase="record", outcome=NO)
            yield "is declined", self._with(world, i, declined)

    def _wait(self, world: World, i: int, worker: Worker) -> Iterator[tuple[str, World]]:
        if world.bank and not world.flight:
            yield "hears the answer", self._with(world, i, worker._replace(phase="record"))
        yield "hears nothing", self._hold(world, i, worker, SILENCE)

    def _record(self, world: World, i: int, worker: Worker) -> Iterator[tuple[str, World]]:
        if world.paid:
            yield "loses the race for the inbox", self._hold(world, i, worker, ERROR)
        elif worker.outcome == NO or world.bank == "cancelled":
            attempt = "declined" if world.attempt == "calling" else world.attempt
            yield "records no", self._hold(world._replace(paid="no", attempt=attempt), i, worker, NO)
        elif world.attempt == "calling":
            yield "records yes", self._hold(world._replace(paid="yes", attempt="paid"), i, worker, YES)
        else:
            yield "finds the attempt closed", self._hold(world, i, worker, ERROR)

    def _tombstone(self, world: World, i: int, worker: Worker) -> Iterator[tuple[str, World]]:
        if world.paid_back:
            yield "finds it paid back", self._hold(world, i, worker, YES)
            return
        if world.written_off:
            yield "finds it given up", self._hold(world, i, worker, ERROR)
            return
        marked = world
        if self.broken != "no tombstone":
            closed = "cancelled" if world.attempt is None else world.attempt
            marked = world._replace(paid=world.paid or "tombstone", attempt=closed)
        yield "leaves the tombstone", self._with(marked, i, worker._replace(phase="fence"))

    def _fence(self, world: World, i: int, worker: Worker) -> Iterator[tuple[str, World]]:
        if self.broken == "no fence":
            phase = "refund" if world.bank == "paid" else "close"
            yield "asks the bank", self._with(world, i, worker._replace(phase=phase))
            return
        bank = world.bank or "cancelled"
        phase = "refund" if bank == "paid" else "close"
        yield "fences the key", self._with(world._replace(bank=bank), i, worker._replace(phase=phase))

    def _refund(self, world: World, i: int, worker: Worker) -> Iterator[tuple[str, World]]:
        yield "pays back", self._with(world._replace(refunded=True), i, worker._replace(phase="close"))
        wrong = YES if self.broken == "log and go on" else ERROR
        yield "fails to pay back", self._hold(world, i, worker, wrong)

    def _close(self, world: World, i: int, worker: Worker) -> Iterator[tuple[str, World]]:
        yield "notes it is paid back", self._hold(world._replace(paid_back=True), i, worker, YES)

    def _settle(self, world: World, i: int, worker: Worker) -> Iterator[tuple[str, World]]:
        free = self._with(world, i, IDLE)
        if world.lease != i and self.broken != "no lease":
            yield "is refused", free
            return
        assert worker.claimed is not None
        assert worker.outcome is not None
        try:
            moved = self._advanced(worker.claimed, worker.outcome)
        except RuntimeError:
            return
        yield "settles", self._settled(free, moved)

    def _advanced(self, progress: Progress, outcome: str) -> Progress:
        moved = advance(SAGA, progress, OUTCOMES[outcome], jitter=0.0).progress
        skips = {"from the step before": (SILENCE, ERROR, NO), "nothing after a no": (NO,)}.get(self.broken, ())
        turned = progress.status is Status.ACTIVE and moved.status is Status.COMPENSATING
        if turned and moved.step == PAY and outcome in skips:
            states = (*moved.states[:RESERVE], State.COMP_READY, State.COMPENSATED, *moved.states[PAY + 1 :])
            return replace(moved, step=RESERVE, states=states)
        return moved

    def _settled(self, world: World, progress: Progress) -> World:
        """Run what is local in the same commit, and give the lease up."""
        while not progress.finished and SAGA.steps[progress.step].participant(progress.direction) == "home":
            progress = advance(SAGA, progress, OUTCOMES[YES], jitter=0.0).progress
        proposed = still_proposed(world, progress)
        progress = replace(progress, cause=None, waivers=())
        return world._replace(progress=progress, lease=None, proposed=proposed)

    def _hold(self, world: World, i: int, worker: Worker, outcome: str) -> World:
        return self._with(world, i, worker._replace(phase="settle", outcome=outcome))

    def _with(self, world: World, i: int, worker: Worker) -> World:
        first, second = world.workers
        return world._replace(workers=(worker, second) if i == 0 else (first, worker))
