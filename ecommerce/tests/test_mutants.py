"""The mutants, without trying them: each still fits the source, and the table says what became of each."""

import pytest

from ecommerce.tests.mutants.bench import Run
from ecommerce.tests.mutants.catalogue import MUTANTS
from ecommerce.tests.mutants.ladder import L0, L1, L2, L3, L4, NEAR, ladder_of
from ecommerce.tests.mutants.mutant import ROOT
from ecommerce.tests.mutants.report import BEGIN, DOCS, END, Finding, markdown, write

FIRST, SECOND, THIRD = MUTANTS[:3]


def finding(mutant, caught: str | None, test: str | None) -> Finding:
    return Finding(mutant=mutant, passed=(), caught=caught, run=Run(failed=test, said=None, seconds=1.0), seconds=1.0)


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
class TestAMutant:
    def test_fits_the_source_and_is_near_tests_that_exist(self, mutant):
        assert all(place.is_file() for place in mutant.places())
        assert [guard for guard in mutant.guards if not (ROOT / guard).exists()] == []

    def test_is_asked_of_the_cheap_layers_first_and_of_each_once(self, mutant):
        names = [layer.name for rung in ladder_of(mutant) for layer in rung]

        assert [name for name in names if name in (L0.name, L1.name)] in ([], [L0.name, L1.name])
        assert names[-4:] == [NEAR, L3.name, L4.name, L2.name]
        assert len(names) == len(set(names)) + bool(mutant.guards)


class TestTheTable:
    def test_goes_by_layer_and_ends_with_what_nobody_caught(self):
        lines = markdown(
            [
                finding(FIRST, None, None),
                finding(SECOND, L4.name, "ecommerce/tests/chaos/test_soak.py::TestSoak::test_loses_nothing"),
                finding(THIRD, L0.name, "apps/sagas/tests/model/test_model.py::TestModel::test_is_safe"),
            ]
        )

        assert lines[2:] == [
            f"| {L0.name} | {THIRD.name} | `test_model TestModel test_is_safe` |",
            f"| {L4.name} | {SECOND.name} | `test_soak TestSoak test_loses_nothing` |",
            f"| **nobody** | {FIRST.name} |  |",
        ]

    def test_takes_the_place_of_the_last_one_in_the_documentation(self, tmp_path):
        page = tmp_path / "page.md"
        page.write_text(f"before\n{BEGIN}| old |\n{END}after\n")

        write(page, ["| new |"])

        assert page.read_text() == f"before\n{BEGIN}| new |\n{END}after\n"

    def test_has_a_place_in_the_documentation(self):
        text = DOCS.read_text()

        assert text.count(BEGIN) == text.count(END) == 1
