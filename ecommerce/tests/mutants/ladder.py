"""The layers of tests, from the cheapest to the dearest, and which of them can see a mutant at all."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .mutant import ROOT, Mutant

MODEL = "apps/sagas/tests/model"
MOVES = ("apps/sagas/tests/test_execution.py", "apps/sagas/tests/reference")
PURE = ("execution.py", "failures.py", "progress.py", "definition.py", "messages.py", "history.py")
"""The modules of the engine that the layers without a database go through."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """Some tests, as pytest is told to run them."""

    name: str
    tests: tuple[str, ...]
    is_pure: bool = False

    def has(self, test: str) -> bool:
        """Whether a test, by its id, is one of this layer."""
        return test.startswith(self.tests)

    def sees(self, mutant: Mutant) -> bool:
        """Whether any changed line is run by this layer."""
        return not self.is_pure or any(
            place.parent == ROOT / "apps/sagas" and place.name in PURE for place in mutant.places()
        )


L0 = Layer(name="L0 model", tests=(f"{MODEL}/test_model.py::TestEveryInterleaving",), is_pure=True)
L1 = Layer(name="L1 moves", tests=MOVES, is_pure=True)
L2 = Layer(name="L2 crash points", tests=("ecommerce/tests/crashes",))
L3 = Layer(name="L3 machine", tests=("ecommerce/tests/machine",))
L4 = Layer(name="L4 soak, L6 histories", tests=("ecommerce/tests/chaos/test_soak.py",))
NEAR = "tests of the app"
NAMES = (L0.name, L1.name, NEAR, L3.name, L4.name, L2.name)


Rung = tuple[Layer, ...]
"""Layers that are run in one go, in this order: to start a run costs more than many a test."""


def ladder_of(mutant: Mutant) -> Iterator[Rung]:
    """Yield the layers that can see a mutant, the cheapest first; of the app's tests those near it come first."""
    near = (Layer(name=NEAR, tests=mutant.guards),) if mutant.guards else ()
    if quick := (*(layer for layer in (L0, L1) if layer.sees(mutant)), *near):
        yield quick
    yield (Layer(name=NEAR, tests=tuple(sorted({_tests_of(place) for place in mutant.places()}))),)
    yield (L3,)
    yield (L4,)
    yield (L2,)


def _tests_of(place: Path) -> str:
    """Return the folder of tests of the app that a file belongs to."""
    return f"apps/{place.relative_to(ROOT).parts[1]}/tests"
