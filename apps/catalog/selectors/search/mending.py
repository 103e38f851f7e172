"""Words that no product has: what was meant, and model numbers of which only a part was given."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db import connections

from apps.catalog.statements import DATABASE, SQL
from apps.core.database.statements import Statement

from .reading import Run, parts_of, read, terms_of
from .slips import likeliest, slips_of
from .terms import PREFIX, Other, Term, beginning, in_a_row, lexeme

# A shorter word has too many like it to say which was meant.
SHORTEST = 4
SHORTEST_BEGINNING = 3
# How many likely words are looked up before a word is given up.
TRIES = 3
FINDS = (
    "EXISTS (SELECT FROM products WHERE is_active AND published_at <= now()"
    " AND (unpublished_at IS NULL OR unpublished_at > now()) AND search_vector @@ %s::tsquery)"
)
# PostgreSQL takes a beginning for frequent and would read the table until it meets one; sorted, it asks the index.
FINDS_BEGINNING = (
    "EXISTS (SELECT FROM (SELECT id FROM products WHERE is_active AND published_at <= now()"
    " AND (unpublished_at IS NULL OR unpublished_at > now())"
    " AND search_vector @@ %s::tsquery ORDER BY popularity_score + 0 LIMIT 1) AS first)"
)


@dataclass(frozen=True, slots=True)
class Query:
    """A query as it is searched; `corrected` is all of it in words, where they are not those that were given."""

    runs: Sequence[Run]
    terms: Sequence[Term]
    corrected: str | None = None


def understood(text: str) -> Query:
    """
    Read a query, and mend what no product has.

    A word of letters becomes the likeliest of those that products have, a number the beginning of others, and what is
    like nothing is left out. Where no word at all is left, the terms stay: they find nothing, which is the answer.
    """
    runs = read(text)
    terms = terms_of(runs)
    unknown = unknown_words(terms)
    meant = {word: near for word in unknown if (near := nearest(word))}
    if not unknown:
        return Query(runs, terms)
    corrected = None
    if meant:
        corrected = " ".join(meant.get(run.joined, run.joined) for run in runs if run.is_word)
        runs = read(corrected)
        terms = terms_of(runs)
    begun = [begun_by(term) if term.word in unknown else term for term in terms]
    lost = set(unknown_words([term for term in begun if term.word in unknown]))
    within = {word: numbers_with(word) for word in lost}
    kept = [term.also(within.get(term.word, [])) for term in begun if term.word not in lost or within[term.word]]
    return Query(runs, kept or terms, corrected)


def unknown_words(terms: Sequence[Term]) -> list[str]:
    """Return the words that find no product that customers see, by themselves or by what may stand in their place."""
    doubtful = [term for term in terms if not term.products]
    return [term.word for term, found in zip(doubtful, finds([t.query for t in doubtful]), strict=True) if not found]


def finds(queries: Collection[str]) -> list[bool]:
    """Tell of each text search query whether it finds a product that customers see; one statement for all."""
    if not queries:
        return []
    probes = [FINDS_BEGINNING if ":*" in query else FINDS for query in queries]
    asked = Statement(f"SELECT {', '.join(probes)}", query_type="select", table="products")
    with connections[DATABASE].cursor() as cursor:
        cursor.execute(asked, list(queries))
        return list(cursor.fetchone())


def nearest(word: str) -> str | None:
    """Return the word that a misspelt one most likely means, of those that find products; None for numbers."""
    if len(word) < SHORTEST or not word.isalpha():
        return None
    like = {row["word"]: row["products"] for row in SQL.rows("list_like_words", word=word, slips=slips_of(word))}
    candidates = likeliest(word, like)[:TRIES]
    found = finds([lexeme(f"={candidate}") for candidate in candidates])
    return next((candidate for candidate, is_found in zip(candidates, found, strict=True) if is_found), None)


def numbers_with(word: str) -> list[Other]:
    """Return the SKUs in which a part of a number stands, wherever; none for words of letters and short ones."""
    if len(word) < SHORTEST or word.isalpha():
        return []
    return [Other(number, PREFIX) for number in SQL.column("list_skus_with", part=f"%{word}%")]


def begun_by(term: Term) -> Term:
    """Return a term that also finds what only begins like it; so a part of a model number finds the model."""
    if len(term.word) < SHORTEST_BEGINNING or term.word.isalpha():
        return term
    parts = parts_of(term.word)
    apart = [Other(in_a_row(parts, unfinished=True), PREFIX)] if len(parts) > 1 else []
    return term.also([Other(beginning(term.word), PREFIX), *apart])
