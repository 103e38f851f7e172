"""Whether the stock of each variant adds up."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from apps.catalog.selectors import list_variant_findings, list_variant_ids
from apps.core.ids import FIRST_ID
from apps.sagas.audit import Finding, Page, Source, Subject, audits
from apps.sagas.audit.registry import register


def variants(position: str, limit: int) -> Page:
    """Give the next variants, in the order of their ids."""
    found = list_variant_ids(after=UUID(position) if position else FIRST_ID, limit=limit)
    return Page(found, str(found[-1]) if found else position, len(found) < limit)


register(
    Subject(
        name="variant",
        load=list,
        sources=(Source(name="every", read=variants, goes_round=True),),
    )
)


@audits("variant")
def stock_adds_up(variant_ids: Sequence[UUID]) -> Iterator[Finding]:
    """I3: movements sum up to what can be sold and what is held, orders hold what is held, nothing is negative."""
    for found in list_variant_findings(variant_ids=variant_ids):
        problem = f"{found.kind} of {found.sku}: {found.expected} expected, {found.found} found"
        yield Finding("I3", found.id, problem)
