"""Reading a query: its words, their stems, synonyms and other spellings."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings

from apps.catalog.statements import SQL

from .terms import PREFIX, SYNONYM, Other, Term, any_of, beginning, in_a_row, lexeme, weight_of

MOST_WORDS = 12
MOST_SYNONYMS = 8
SHORTEST_MODEL = 4
LONGEST_MODEL = 25
DIGITS = re.compile(r"\d+|\D+")


@dataclass(frozen=True, slots=True)
class Run:
    """One word of a query, or some in a row; `stems` are those of the words written as one."""

    first: int
    last: int
    phrase: str
    joined: str
    stems: list[str]
    products: int
    synonyms: list[str]
    total: int

    @property
    def is_word(self) -> bool:
        return self.first == self.last

    @property
    def is_model(self) -> bool:
        """Whether it has digits, as the numbers of models have."""
        return any(letter.isdigit() for letter in self.joined)


def read(text: str) -> list[Run]:
    """Return the runs of a query's first words, those of one word among them; in order of their first word."""
    return SQL.rows("read_query", Run, text=text, most=MOST_WORDS, languages=list(settings.SEARCH_LANGUAGES))


def terms_of(runs: Sequence[Run]) -> list[Term]:
    """Return the terms of a query that was read; words that say nothing, such as `the`, only where all are such."""
    words = [run for run in runs if run.is_word]
    telling = [run for run in words if run.stems] or words
    return [term_of(word).also(others_of(word, runs)) for word in telling]


def parts_of(word: str) -> list[str]:
    """Return a word parted where digits begin or end: `tn2110` as `tn` and `2110`."""
    return DIGITS.findall(word)


def term_of(run: Run) -> Term:
    return Term(
        word=run.joined,
        stem=any_of([lexeme(stem) for stem in run.stems]) if run.stems else lexeme(f"={run.joined}"),
        written=lexeme(f"={run.joined}"),
        weight=weight_of(run.products, run.total),
        products=run.products,
    )


def others_of(word: Run, runs: Sequence[Run]) -> list[Other]:
    """Return what may stand in the place of a word: synonyms of runs it is in, and other spellings."""
    around = [run for run in runs if run.first <= word.first <= run.last]
    synonyms = [Other(query, SYNONYM) for run in around for query in run.synonyms][:MOST_SYNONYMS]
    spellings = [spelling for run in around for spelling in spellings_of(run)]
    return [*spellings, *synonyms]


def spellings_of(run: Run) -> list[Other]:
    """
    Return the other spellings of a run: `tn 2110` as `tn2110` and what begins so, `tn2110` as `tn` and then `2110`,
    `note book` as `notebook` where products have that.
    """
    if run.is_word:
        parts = parts_of(run.joined)
        return [Other(in_a_row(parts), 1.0)] if len(parts) > 1 else []
    if run.is_model and SHORTEST_MODEL <= len(run.joined) <= LONGEST_MODEL and run.last - run.first < 3:
        return [Other(lexeme(run.joined), 1.0), Other(beginning(run.joined), PREFIX)]
    if run.products and run.last - run.first == 1:
        return [Other(any_of([lexeme(stem) for stem in run.stems]), 1.0)]
    return []
