"""The machine without its rules: one shop, from its first order until everything has ended."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant

from apps.sagas import requests
from apps.sagas.lanes import run_batch
from ecommerce.testing.customer import APPROVED, DECLINED
from ecommerce.testing.stack import LANES

from .asking import ask
from .promises import ENDS, at_any_moment, in_the_end
from .readings import Row, sagas_of
from .world import Judges, World

# Resets and refusals, no time-outs: to the engine either is an unknown outcome, and only these cost no time.
# No card whose decline succeeds later: to a worker that slept the gateway repeats its decline, and contradicts itself.
SAVED_ERROR = "test_4000000000005000"
CARDS = st.sampled_from([APPROVED, APPROVED, APPROVED, DECLINED, SAVED_ERROR])
PLACES = st.integers(min_value=0, max_value=30)
MOST_ROUNDS = 60


class Shop(RuleBasedStateMachine):
    """What every kind of rule works on."""

    judges: Judges
    tally: Counter[str]
    """What came of all examples; they add to it when they end."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World(self.judges)
        self.rows: list[Row] = []
        """The sagas as they stood after the last rule."""

    def row(self, place: int) -> Row:
        """Return one of the sagas, mostly of those that live, whatever number was drawn."""
        living = [row for row in self.rows if row.status not in ENDS]
        rows = living if living and place % 4 else self.rows
        return rows[place % len(rows)]

    def busy_lane(self, place: int) -> str:
        """Return a lane that has something to do, if any has, whatever number was drawn."""
        busy = [row.lane for row in self.rows if row.is_due] or LANES
        lane = busy[place % len(busy)]
        note(f"# lane {lane}")
        return lane

    def point(self, points: Sequence[str], place: int) -> str:
        """Return one of some named places, whatever number was drawn."""
        point = points[place % len(points)] if points else "nowhere"
        note(f"# at {point}")
        return point

    def count(self, what: str) -> None:
        self.tally[what] += 1

    def counting(self, what: str, act: Callable[[], None]) -> Callable[[], None]:
        """Return an act that is counted when it takes place."""

        def counted() -> None:
            self.count(what)
            act()

        return counted

    @invariant()
    def keep_every_promise(self) -> None:
        if self.world.orders:
            self.world.hold_the_clock()
            self.rows = sagas_of(self.world)
            hold(at_any_moment(self.world, self.rows))

    def teardown(self) -> None:
        try:
            if self.world.orders:
                self.finish()
                self.rows = sagas_of(self.world)
                hold(in_the_end(self.world, self.rows))
                self.count("stories")
                self.tally.update(f"sagas {row.status}" for row in self.rows)
                self.tally.update(f"steps {state}" for row in self.rows for state in set(row.states))
        finally:
            self.world.close()

    def finish(self) -> None:
        """Drive everything to its end as workers in peace would; then let who still sleeps wake up, long too late."""
        self.world.mend()
        self.world.deploy()
        requests.answer_open_requests()
        for row in sagas_of(self.world):
            if row.hold == "paused":
                self.world.asked.append(ask(row.id, "resume", key=f"{row.id} in the end", actor="ines@example.com"))
        self.work_off()
        while self.world.sleepers:
            self.count("woken after the end")
            self.world.sleepers.pop().wake()
        self.work_off()
        while self.world.relay():
            pass

    def work_off(self) -> None:
        """Work until every saga has ended, or cannot; a lane that is looked at leaves nothing due (I13)."""
        for _ in range(MOST_ROUNDS):
            if all(row.status in ENDS for row in sagas_of(self.world)):
                return
            self.world.let_time_pass()
            for lane in LANES:
                while run_batch(lane):
                    pass


def hold(promises: Iterable[str]) -> None:
    """Fail with everything that is not as it was promised."""
    broken = list(promises)
    assert not broken, "\n".join(broken)
