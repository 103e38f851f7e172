"""What the shop raises or lowers in the answer to a query."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings

from apps.catalog.statements import SQL

from .reading import Run
from .terms import any_of, lexeme

Condition = tuple[str, object]
"""What is true of some rows of `found`, in SQL with one value, and that value."""


@dataclass(frozen=True, slots=True)
class Boost:
    """
    One of vendor, product_type, tag, categories (with what stands below), product_id and word, and what it is worth.

    `word` are the stems of its words, with blanks between.
    """

    vendor: str
    product_type: str
    tag: str
    categories: list[UUID]
    product_id: UUID | None
    word: str
    factor: float

    @property
    def condition(self) -> Condition:
        if self.product_id:
            return "found.id = %s", self.product_id
        if self.categories:
            return (
                "EXISTS (SELECT FROM product_categories c WHERE c.product_id = found.id AND c.category_id = ANY (%s))",
                self.categories,
            )
        if self.vendor:
            return "lower(found.vendor) = lower(%s)", self.vendor
        if self.product_type:
            return "lower(found.product_type) = lower(%s)", self.product_type
        return "found.tags @> ARRAY[%s::text]", self.tag

    @property
    def in_name(self) -> str:
        """The text search query for its words in a name."""
        return " <-> ".join(f"{lexeme(stem)}:A" for stem in self.word.split())


def list_boosts(*, text: str, runs: Sequence[Run]) -> list[tuple[Condition, float]]:
    """Return what multiplies the scores of a query's products: which of them, and by how much."""
    boosts = SQL.rows("list_boosts", Boost, text=text, language=settings.SEARCH_LANGUAGES[0])
    asked = {stem for run in runs if run.is_word for stem in run.stems}
    words: dict[float, list[str]] = defaultdict(list)
    for boost in boosts:
        if boost.word and not set(boost.word.split()) <= asked:
            words[boost.factor].append(boost.in_name)
    # Words of one factor are looked for at once, and count once.
    named = [(("found.search_vector @@ %s::tsquery", any_of(some)), factor) for factor, some in words.items()]
    return [*((boost.condition, boost.factor) for boost in boosts if not boost.word), *named]
