"""What a query asks for, word by word, in PostgreSQL's words."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

# A synonym counts a little less than the word that was asked for.
SYNONYM = 0.95
# A part of a model number counts less than all of it.
PREFIX = 0.7


@dataclass(frozen=True, slots=True)
class Other:
    """Something that is found in a word's place: a text search query, and how much it counts beside the word."""

    query: str
    worth: float

    @property
    def is_in_a_row(self) -> bool:
        return "<->" in self.query


@dataclass(frozen=True, slots=True)
class Term:
    """
    One word of a query.

    `stem` and `written` are text search queries: for the word whatever its ending, and as it is written. `weight` says
    how much it tells products apart (its inverse document frequency), `products` how many have it, as far as known.
    """

    word: str
    stem: str
    written: str
    weight: float
    products: int
    others: tuple[Other, ...] = ()

    @property
    def query(self) -> str:
        """The text search query for the word, or what may stand in its place."""
        return any_of([self.stem, *(other.query for other in self.others)])

    def also(self, others: Sequence[Other]) -> "Term":
        """Return the term with more that may stand in its place; what it has already is left out."""
        known = {self.stem, *(other.query for other in self.others)}
        fresh = {other.query: other for other in others if other.query and other.query not in known}
        return replace(self, others=(*self.others, *fresh.values()))


def lexeme(word: str) -> str:
    """Return the text search query for one word of letters and digits."""
    return "'" + word.replace("'", "''") + "'"


def beginning(word: str) -> str:
    """Return the text search query for words that begin so."""
    return f"{lexeme(word)}:*"


def all_of(queries: Sequence[str]) -> str:
    return " & ".join(f"({query})" for query in queries)


def any_of(queries: Sequence[str]) -> str:
    return " | ".join(f"({query})" for query in queries)


def in_a_row(words: Sequence[str], *, unfinished: bool = False) -> str:
    """Return the text search query for words that follow each other; of an unfinished last one for its beginning."""
    *before, last = words
    return " <-> ".join([*map(lexeme, before), beginning(last) if unfinished else lexeme(last)])


def weight_of(products: int, total: int) -> float:
    """
    Return the inverse document frequency of a word that so many of all products have; 1 while nobody has counted.

    Source: Robertson and Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond (2009), 3.1, with the 1 that
    keeps it positive.
    """
    if not total:
        return 1.0
    return math.log(1 + (max(total, products) - products + 0.5) / (products + 0.5))
