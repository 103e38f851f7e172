"""Rules of work: lanes are worked on, and whatever can happen to a worker happens."""

from contextlib import suppress
from dataclasses import replace
from functools import partial
from uuid import uuid4

from django.db import Error
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from apps.core.failpoints import drop_connections
from apps.sagas.circuits import circuit_of
from apps.sagas.delivery import execute
from apps.sagas.lanes import run_batch
from apps.sagas.messages import Direction
from apps.sagas.models import SagaTransaction
from apps.sagas.orchestrator import call_of, claim_of_row
from apps.sagas.participant import PARTICIPANTS
from apps.sagas.progress import Answered, Failed, Outcome, Refused, State
from apps.sagas.registry import SAGAS
from apps.sagas.tasks import run_lane
from ecommerce.testing.stack import LANES

from .asking import ask
from .readings import inboxes_of, sagas_of
from .shop import PLACES, Shop
from .surprises import BETWEEN_TWO, IN_ITS_TRANSACTION, POINTS, Sleeper, die, elsewhere, fail, hang_up, surprised

MOST_ASLEEP = 2
HANDLED = {"replied": Answered, "refused": Refused, "cancelled": Failed}
"""What a delivery hears that comes again, by what the inbox has of it."""


class Workers(Shop):
    @rule(place=PLACES, batches=st.integers(min_value=1, max_value=3))
    def work(self, place: int, batches: int) -> None:
        lane = self.busy_lane(place)
        for _ in range(batches):
            run_batch(lane)

    @rule()
    def work_everywhere(self) -> None:
        """Every lane is looked at once, the last one first: each saga goes one step."""
        for lane in reversed(LANES):
            run_batch(lane)

    @rule(place=PLACES)
    def be_rung_twice(self, place: int) -> None:
        """Two rings for what one would do; what is due is worked off, and nothing stays but in an outage (I13)."""
        lane = self.busy_lane(place)
        due = [row for row in self.rows if row.is_due and row.lane == lane and row.saga]
        run_lane(lane)
        run_lane(lane)
        left = set(due) & set(sagas_of(self.world))
        assert not left or circuit_of(lane).is_open, f"I13 the lane {lane} was worked off, and {left} is as it was"

    @rule(place=PLACES, at=PLACES)
    def die(self, place: int, at: int) -> None:
        lane = self.busy_lane(place)
        with surprised(self.point(POINTS[lane], at), self.counting("workers that died", die)):
            run_batch(lane)

    @rule(place=PLACES, at=PLACES)
    def break_a_plate(self, place: int, at: int) -> None:
        """A handler raises."""
        lane = self.busy_lane(place)
        with surprised(self.point(IN_ITS_TRANSACTION[lane], at), self.counting("handlers that raised", fail)):
            run_batch(lane)

    @rule(place=PLACES, at=PLACES)
    def lose_the_databases(self, place: int, at: int) -> None:
        """Every line to a database is cut, at a place where the worker does not expect it."""
        lane = self.busy_lane(place)
        with suppress(Error), surprised(self.point(POINTS[lane], at), self.counting("lines cut", drop_connections)):
            run_batch(lane)
        # Whoever judges uses the same thread's.
        hang_up()

    @rule(place=PLACES, at=PLACES, batches=st.integers(min_value=1, max_value=3), cancelled=st.booleans())
    def be_overtaken(self, place: int, at: int, batches: int, cancelled: bool) -> None:
        """A worker sleeps so long that others take its sagas and go on, or back, with them; then it wakes."""
        lane = self.busy_lane(place)

        def overtake() -> None:
            for row in self.rows if cancelled else []:
                key = f"{row.id} {len(self.world.asked)}"
                self.world.asked.append(ask(row.id, "cancel", key=key, actor="ines@example.com"))
            for _ in range(batches):
                self.world.let_time_pass()
                for each in LANES:
                    run_batch(each)

        overtaken = self.counting("workers overtaken", partial(elsewhere, overtake))
        with surprised(self.point(BETWEEN_TWO[lane], at), overtaken):
            run_batch(lane)

    @rule(place=PLACES, at=PLACES)
    @precondition(lambda self: len(self.world.sleepers) < MOST_ASLEEP)
    def fall_asleep(self, place: int, at: int) -> None:
        """A worker sleeps, and nobody knows when it will wake; its leases run out."""
        lane = self.busy_lane(place)
        sleeper = Sleeper(partial(run_batch, lane), self.point(BETWEEN_TWO[lane], at))
        if sleeper.fall_asleep():
            self.count("workers asleep")
            self.world.sleepers.append(sleeper)
            self.world.let_time_pass()

    @rule(place=PLACES)
    @precondition(lambda self: self.world.sleepers)
    def wake(self, place: int) -> None:
        self.world.sleepers.pop(place % len(self.world.sleepers)).wake()

    @rule(place=PLACES)
    @precondition(lambda self: self.rows)
    def deliver_again(self, place: int) -> None:
        """What a participant handled once comes again, however late: it hears the same, and nothing is done."""
        known = inboxes_of(self.rows)
        late = [key for key, outcome in known.items() if outcome == "cancelled"]
        chosen = late if late and place % 2 else [key for key in known if key[2] != Direction.WAIVER]
        if not chosen:
            return
        saga_id, step, way = chosen[place % len(chosen)]
        saga = SagaTransaction.objects.filter(id=saga_id).first()
        if saga is None or (saga.definition, saga.version) not in SAGAS:
            return
        self.count("calls delivered again")
        heard = delivered(saga, step, Direction(way))
        undone = way == Direction.FORWARD and (saga_id, step, "backward") in known
        stored = known[saga_id, step, way]
        assert type(heard) is (Failed if undone else HANDLED[stored]), f"{step} {way}, {stored}: {heard}"

    @rule(place=PLACES, at=PLACES, of=PLACES, kind=st.sampled_from(["cancel", "pause", "force_compensate"]))
    @precondition(lambda self: self.rows)
    def be_asked_meanwhile(self, place: int, at: int, of: int, kind: str) -> None:
        """Somebody asks something of a saga while a worker holds it."""
        lane, row = self.busy_lane(place), self.row(of)

        def meanwhile() -> None:
            key = f"{row.id} {len(self.world.asked)}"
            self.world.asked.append(ask(row.id, kind, key=key, actor="ines@example.com"))

        asked = self.counting("asked in the middle of a step", partial(elsewhere, meanwhile))
        with surprised(self.point(BETWEEN_TWO[lane], at), asked):
            run_batch(lane)


def delivered(row: SagaTransaction, step: str, way: Direction) -> Outcome:
    """Deliver one call of a saga, wherever that stands; return what the participant says."""
    claim = claim_of_row(row, uuid4())
    at = claim.saga.index(step)
    there = replace(claim.progress, step=at, direction=way, states=(State.READY,) * len(claim.saga.steps))
    participant = PARTICIPANTS[claim.saga.steps[at].participant(way)]
    ((outcome,),) = execute(participant, [[call_of(claim, there)]]).values()
    return outcome
