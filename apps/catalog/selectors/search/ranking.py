"""The statement that gathers the products of a query, stage by stage, and ranks them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import combinations

from apps.catalog.selectors.popularity import weight_at
from apps.core import clock

from .boosts import Condition
from .terms import Term, all_of, any_of

# Of what is D (vendor, type, tags), C (numbers), B (descriptions) and A (name).
WEIGHTS = "'{0.3,0.3,1,1}'::real[]"
# Divides by the logarithm of the product's length: of two that have a word, the shorter one is about it.
BY_LENGTH = 1
# A word as it is written in the name counts once more than its stem alone.
WRITTEN = 1.0
# ts_rank says about 1 of a name with words in a row where it says 0.61 of one with a single word.
IN_A_ROW = 0.61
# How much it counts that all the words stand near each other.
NEARNESS = 0.3
# Among equals the more popular comes first.
POPULARITY = 0.02
MOST_POPULARITY = 0.2
# Subsets of more words than this are not looked for.
MOST_SUBSETS = 5
# What more products than this have is looked for among the popular ones only, unless other words go with it.
COMMON = 5000

VECTOR = '"products"."search_vector"'
TIER = '"products"."search_tier"'


@dataclass
class Fragment:
    """A piece of SQL with its values, in order."""

    sql: str
    values: list[object] = field(default_factory=list)

    def __add__(self, other: "Fragment") -> "Fragment":
        return Fragment(self.sql + other.sql, self.values + other.values)


@dataclass(frozen=True)
class Stage:
    """Where products are looked for: in a tier (None: in all), by one text search query and not by another."""

    tier: int | None
    finds: str
    but: str | None = None

    @property
    def condition(self) -> Fragment:
        condition = Fragment(f"{VECTOR} @@ %s::tsquery", [self.finds])
        if self.but:
            condition += Fragment(f" AND NOT {VECTOR} @@ %s::tsquery", [self.but])
        if self.tier is not None:
            condition = Fragment(f"{TIER} = {self.tier} AND ") + condition
        return condition


def stages_of(terms: Sequence[Term]) -> list[Stage]:
    """
    Return where products are gathered, the likeliest places first; no product is found in two of them.

    The popular ones first, and all the words before some of them. What is common is looked for among the popular
    alone, so that the time is bounded however many products there are.
    """
    everything = all_of([term.query for term in terms])
    written = all_of([term.written for term in terms])
    stages = [
        *(Stage(tier, written) for tier in (0, 1)),
        *(Stage(tier, everything, but=written) for tier in (0, 1)),
    ]
    if len(terms) == 1:
        return stages
    had = everything
    if 2 < len(terms) <= MOST_SUBSETS:
        most = any_of([all_of([term.query for term in some]) for some in combinations(terms, len(terms) - 1)])
        stages += [Stage(tier, most, but=had) for tier in (0, 1)]
        had = any_of([had, most])
    for term in sorted(terms, key=lambda term: -term.weight):
        stages.append(Stage(0, term.query, but=had))
        if term.products <= COMMON:
            stages.append(Stage(1, term.query, but=had))
        had = any_of([had, term.query])
    return stages


def last_stages(terms: Sequence[Term]) -> list[Stage]:
    """Return where to look when nothing was found: for any of the words, everywhere."""
    return [Stage(None, any_of([term.query for term in terms]))]


def score(terms: Sequence[Term], boosts: Sequence[tuple[Condition, float]]) -> Fragment:
    """Return the score of a row of `found`; above 0 for what has any of the words."""
    total = Fragment("(") + sum_of([points(term) for term in terms])
    if len(terms) > 1:
        total += Fragment(" + ") + nearness(terms)
    total += Fragment(") * power(") + matched(terms) + Fragment(f" / {len(terms)}.0, 2)")
    total += Fragment(" * (1 + least(ln(1 + ") + sold_lately() + Fragment(f") * {POPULARITY}, {MOST_POPULARITY}))")
    for (condition, value), factor in boosts:
        total += Fragment(f" * CASE WHEN {condition} THEN %s ELSE 1 END", [value, factor])
    return total


def sold_lately() -> Fragment:
    """
    Return how many pieces of a row were sold, older ones counting less: what its score says as seen from this day.

    All day the same, so that scores are, too: a cursor is one.
    """
    ago = "found.popularity_score - %s"
    today = clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
    return Fragment(f"power(2.0::float8, least(greatest({ago}, -100), 100))", [weight_at(today)])


def points(term: Term) -> Fragment:
    """Return what a row has of one word."""
    own = rank(term.stem) + Fragment(f" + {WRITTEN} * ") + rank(term.written)
    best = own
    for other in term.others:
        worth = (1 + WRITTEN) * other.worth * (IN_A_ROW if other.is_in_a_row else 1)
        best = best + Fragment(f", {worth:.4f} * ") + rank(other.query)
    return Fragment(f"{term.weight} * greatest(") + best + Fragment(")")


def rank(query: str) -> Fragment:
    return Fragment(f"ts_rank({WEIGHTS}, found.search_vector, %s::tsquery, {BY_LENGTH})", [query])


def nearness(terms: Sequence[Term]) -> Fragment:
    """Return what a row has by all the words standing close to each other."""
    weight = NEARNESS * sum(term.weight for term in terms)
    everything = all_of([term.query for term in terms])
    return Fragment(f"{weight} * ts_rank_cd({WEIGHTS}, found.search_vector, %s::tsquery, {BY_LENGTH})", [everything])


def matched(terms: Sequence[Term]) -> Fragment:
    """Return how many of the words a row has."""
    return (
        Fragment("(")
        + sum_of([Fragment("(found.search_vector @@ %s::tsquery)::integer", [term.query]) for term in terms])
        + Fragment(")")
    )


def sum_of(parts: Sequence[Fragment]) -> Fragment:
    total, *others = parts
    for part in others:
        total = total + Fragment(" + ") + part
    return total
