"""What a text may become while it is typed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from apps.catalog.selectors.products import list_products
from apps.catalog.statements import SQL

from .boosts import list_boosts
from .finding import gathered
from .mending import finds, nearest
from .ranking import Stage
from .reading import Run, read, terms_of
from .terms import Term, all_of, any_of, beginning, lexeme

WORDS = 6
PRODUCTS = 6
# Likely words are looked up before they are told, since a word may be of hidden products alone.
CANDIDATES = 12
WINDOW = 100
# What begins with fewer letters is looked for among the popular products only.
TELLING = 3


@dataclass(frozen=True, slots=True)
class Suggestions:
    """How a text may go on, the likeliest first, each with all its words; and products, the best first."""

    words: Sequence[str]
    products: Sequence[UUID]


def suggest(*, text: str) -> Suggestions:
    """
    Return what a text may become whose last word is still being typed; nothing for one without a letter or digit.

    Every word suggested finds a product that customers see, together with the words before it. Five statements or six.

    Source: docs/catalog.md, Search.
    """
    runs = read(text)
    words = [run for run in runs if run.is_word]
    if not words:
        return Suggestions([], [])
    last = words[-1]
    before = terms_of([run for run in runs if run.last < last.last])
    ways = ways_on(last, before)
    term = unfinished(last, runs)
    if not ways and (meant := nearest(last.joined)):
        ways = [meant]
        term = replace(term, stem=lexeme(f"={meant}"), written=lexeme(f"={meant}"))
    said = " ".join(run.joined for run in words[:-1])
    return Suggestions([f"{said} {way}".strip() for way in ways], best(text, [*before, term], runs))


def ways_on(last: Run, before: Sequence[Term]) -> list[str]:
    """Return the words that the last one may become, those of most products first."""
    candidates = SQL.column("list_word_beginnings", beginning=f"={last.joined}%", limit=CANDIDATES)
    asked = [all_of([*(term.query for term in before), lexeme(f"={word}")]) for word in candidates]
    return [word for word, found in zip(candidates, finds(asked), strict=True) if found][:WORDS]


def unfinished(last: Run, runs: Sequence[Run]) -> Term:
    """Return the term for a word that is still being typed."""
    (term,) = terms_of([run for run in runs if run.first == run.last == last.first])
    begun = [beginning(f"={last.joined}")]
    return replace(term, stem=any_of([*begun, beginning(last.joined)] if last.is_model else begun))


def best(text: str, terms: Sequence[Term], runs: Sequence[Run]) -> list[UUID]:
    """Return the best products that have all the words, and one that begins like the last."""
    everything = all_of([term.query for term in terms])
    tiers = (0, 1) if len(runs[-1].joined) >= TELLING or len(terms) > 1 else (0,)
    stages = [Stage(tier, everything) for tier in tiers]
    found = gathered(list_products(), terms, list_boosts(text=text, runs=runs), stages, window=WINDOW)
    return [match.id for match in found[:PRODUCTS]]
