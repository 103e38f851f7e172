"""Statements that live in files, run by name."""

from pathlib import Path
from typing import NamedTuple

import pytest

from apps.core.sql import Statements

DATABASE = "catalog"

pytestmark = pytest.mark.django_db(databases=[DATABASE])


class Counted(NamedTuple):
    """A number and its word, in another order than the statement's columns."""

    word: str
    number: int


@pytest.fixture
def statements(tmp_path: Path) -> Statements:
    (tmp_path / "count.sql").write_text(
        "-- count\n-- about: other none\n"
        "SELECT n AS number, 'tea ' || n AS word FROM generate_series(1, %(most)s) AS n ORDER BY n"
    )
    (tmp_path / "make.sql").write_text(
        "CREATE TEMPORARY TABLE pots ON COMMIT DROP AS SELECT generate_series(1, 3) AS id"
    )
    return Statements(tmp_path, using=DATABASE)


class TestStatements:
    def test_return_rows_by_the_names_of_their_columns(self, statements: Statements) -> None:
        assert statements.rows("count", most=2) == [{"number": 1, "word": "tea 1"}, {"number": 2, "word": "tea 2"}]

    def test_make_values_whose_fields_stand_in_another_order(self, statements: Statements) -> None:
        assert statements.rows("count", Counted, most=1) == [Counted(word="tea 1", number=1)]

    def test_return_a_column(self, statements: Statements) -> None:
        assert statements.column("count", most=3) == [1, 2, 3]

    def test_count_the_rows_they_touch(self, statements: Statements) -> None:
        assert statements.run("make") == 3

    def test_are_their_text(self, statements: Statements) -> None:
        assert statements["make"].startswith("CREATE TEMPORARY TABLE pots")
