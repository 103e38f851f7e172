"""
Every interleaving of two workers, crashes, lost leases, late requests and what people ask, visited one by one.

The engine must be right in all of them, and the model must notice when one of its protections is taken away.
"""

from collections import defaultdict, deque
from typing import NamedTuple

import pytest

from .parts import World, wrong, wrong_move
from .world import Model

MOST_STATES = 500_000


class Explored(NamedTuple):
    """How each state was reached, who leads to whom, and the first wrong one, with what is wrong."""

    reached: dict[World, tuple[World, str] | None]
    before: dict[World, list[World]]
    bad: World | None = None
    problem: str | None = None


def explored(model: Model) -> Explored:
    """Visit every state, breadth first, as far as the first wrong one."""
    reached: dict[World, tuple[World, str] | None] = {model.world: None}
    before: dict[World, list[World]] = defaultdict(list)
    queue = deque([model.world])
    while queue:
        world = queue.popleft()
        if problem := wrong(world):
            return Explored(reached, before, world, problem)
        for name, moved in model.moves(world):
            after = model.canonical(moved)
            before[after].append(world)
            if after not in reached:
                reached[after] = (world, name)
                queue.append(after)
            if problem := wrong_move(world, moved):
                return Explored(reached, before, after, problem)
        assert len(reached) < MOST_STATES
    return Explored(reached, before)


def path_to(world: World, reached: dict[World, tuple[World, str] | None]) -> list[str]:
    """Return the shortest story that leads to a state."""
    names = []
    while (step := reached[world]) is not None:
        world, name = step
        names.append(name)
    return names[::-1]


class TestEveryInterleaving:
    def test_ends_well_or_can_still_end(self):
        reached, before, bad, problem = explored(Model())

        assert bad is None, f"{problem}: {path_to(bad, reached)}"
        ends = deque(world for world in reached if world.progress.finished)
        can_end = set(ends)
        while ends:
            for earlier in before[ends.popleft()]:
                if earlier not in can_end:
                    can_end.add(earlier)
                    ends.append(earlier)
        assert len(can_end) == len(reached)
        print(f"{len(reached)} states, {sum(map(len, before.values()))} moves")


class TestTheModel:
    @pytest.mark.parametrize(
        "broken",
        [
            "no inbox",
            "no tombstone",
            "no tombstone of a skip",
            "no fence",
            "no lease",
            "log and go on",
            "from the step before",
            "nothing after a no",
            "no take-over",
            "skip anything",
            "nobody hears",
            "one person",
        ],
    )
    def test_notices_that_a_protection_is_missing(self, broken):
        reached, _, bad, problem = explored(Model(broken=broken))

        assert bad is not None, f"without it nothing goes wrong: {broken}"
        print(f"{broken}: {problem} after {len(path_to(bad, reached))} moves")
