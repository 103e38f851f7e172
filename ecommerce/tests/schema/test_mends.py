"""What differs from the founding design has a reason, and the reason stands in docs/decisions.md."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from .declarations import FOLDER

DECIDED = re.compile(r"^-- Decided: (.+)$", re.MULTILINE)
MENDS = sorted(FOLDER.glob("*/mends.sql"))
DECISIONS = (settings.BASE_DIR / "docs" / "decisions.md").read_text(encoding="utf-8")


def sentences(text: str) -> list[str]:
    """The bold sentences that begin the paragraphs of a text, each on one line and without its full stop."""
    bold = re.findall(r"^\*\*(.+?)\*\*", text, re.DOTALL | re.MULTILINE)
    return [" ".join(sentence.split()).rstrip(".") for sentence in bold]


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a file after its heading."""
    return text.strip().split("\n\n")[1:]


def section(heading: str) -> str:
    """The text under a heading of the decisions."""
    return DECISIONS.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


class TestMends:
    def test_are_written_for_every_founded_database(self) -> None:
        assert [path.parent.name for path in MENDS] == ["accounts", "catalog", "orders", "shared"]

    @pytest.mark.parametrize("path", MENDS, ids=lambda path: path.parent.name)
    def test_each_name_one_decision(self, path: Path) -> None:
        unnamed = [mend for mend in paragraphs(path.read_text(encoding="utf-8")) if len(DECIDED.findall(mend)) != 1]

        assert unnamed == []

    @pytest.mark.parametrize("path", MENDS, ids=lambda path: path.parent.name)
    def test_name_decisions_that_are_written_down(self, path: Path) -> None:
        named = DECIDED.findall(path.read_text(encoding="utf-8"))

        unwritten = [name for name in named if not any(made.startswith(name) for made in sentences(DECISIONS))]

        assert unwritten == []

    def test_are_named_by_every_decision_about_the_schema(self) -> None:
        named = [name for path in MENDS for name in DECIDED.findall(path.read_text(encoding="utf-8"))]
        made = sentences(section("Schema"))

        assert made != []
        assert [decision for decision in made if not any(decision.startswith(name) for name in named)] == []
