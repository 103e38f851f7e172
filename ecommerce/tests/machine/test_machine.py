"""
A machine that does to the real engine whatever may happen to it, in any order, and checks its promises all the while.

The engine works on the five real databases in this process; gateway and mail server are processes apart, with stores
of their own. Hypothesis draws the stories. A short run, always the same, comes with every run of the tests; a long one
with `make chaos`: its seeds are printed, and the last of them replays what went wrong:

    CHAOS_SEED=... MACHINE_ROUNDS=1 pytest ecommerce/tests/machine -m chaos

With MACHINE_SHRINK=1 it looks for the shortest story that goes wrong as well, which takes minutes.
"""

import os
import time
from collections import Counter

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import seed as seeded
from hypothesis.stateful import run_state_machine_as_test
from rich.console import Console
from rich.table import Table

from ecommerce.testing.scores import SCORES, SEED, Score
from ecommerce.testing.stack import ALIASES

from .outside import Outside
from .people import People
from .workers import Workers
from .world import Judges

pytestmark = pytest.mark.committed(databases=ALIASES)

SHRINKS = os.environ.get("MACHINE_SHRINK") == "1"
PHASES = tuple(phase for phase in Phase if SHRINKS or phase is not Phase.shrink)
ROUNDS = int(os.environ.get("MACHINE_ROUNDS", "8"))
MOST_SECONDS = 180.0
"""After so long no other round of the long run begins."""
SAME = 7
"""The seed of the short run."""
FAULTS = (
    "answerers that died",
    "calls delivered again",
    "gateway faults",
    "handlers that raised",
    "hours without the gateway",
    "lines cut",
    "mail faults",
    "workers asleep",
    "workers overtaken",
    "workers that died",
)
"""What of the tally are faults."""


class Machine(Workers, Outside, People):
    """All rules."""


def run(judges: Judges, *, seed: int, examples: int, steps: int) -> Counter[str]:
    """Run so many examples of so many rules each; return what came of them."""
    tally: Counter[str] = Counter()
    kind = seeded(seed)(type("ShopMachine", (Machine,), {"judges": judges, "tally": tally}))
    run_state_machine_as_test(
        kind,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            database=None,
            print_blob=True,
            phases=PHASES,
            suppress_health_check=list(HealthCheck),
        ),
    )
    return tally


def score(tally: Counter[str]) -> Score:
    """Return the machine's line in the table that ends the run; whatever is lost or doubled has failed it before."""
    return Score(
        what="machine: whatever may happen, in any order",
        faults={kind: tally[kind] for kind in FAULTS if tally[kind]},
        placed=tally["sagas completed"] + tally["sagas failed"],
        lost=0,
        doubled=0,
        remark=f"{tally['stories']} stories",
    )


def print_table(tally: Counter[str], seed: int) -> None:
    table = Table(
        "", "times", title=f"seed {seed}", box=None, header_style="bold", pad_edge=False, title_justify="left"
    )
    for what, times in sorted(tally.items()):
        table.add_row(what, str(times))
    Console().print(table)


class TestAFewStories:
    def test_keep_every_promise(self, judges):
        tally = run(judges, seed=SAME, examples=16, steps=30)

        print_table(tally, SAME)
        assert tally["sagas completed"]
        assert tally["sagas failed"]


@pytest.mark.chaos
@pytest.mark.timeout(600)
class TestManyStories:
    def test_keep_every_promise(self, judges, capsys):
        tally: Counter[str] = Counter()
        stop_at = time.monotonic() + MOST_SECONDS

        for seed in range(SEED, SEED + ROUNDS):
            if time.monotonic() > stop_at:
                break
            with capsys.disabled():
                print(f"\nthe machine: CHAOS_SEED={seed}", end="", flush=True)
            tally.update(run(judges, seed=seed, examples=20, steps=40))

        with capsys.disabled():
            print_table(tally, SEED)
        SCORES.append(score(tally))
