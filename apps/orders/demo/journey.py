"""The acts of the demonstration, in their order."""

from collections.abc import Callable
from dataclasses import dataclass

from .callers import Caller
from .evidence import Evidence
from .last_piece import RIVALS, race
from .stories import arrive, be_declined, buy
from .telling import Teller


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """
    What the demonstration showed.

    `out_of_stock` lost the race for the last piece that `last_piece` won; both are None where every rival was turned
    away at the till, before there was an order. `books` is what the auditors said.
    """

    url: str
    paid: Evidence
    declined: Evidence
    last_piece: Evidence | None
    out_of_stock: Evidence | None
    refused_in_sagas: int
    refused_at_the_till: int
    books: list[str]

    @property
    def orders(self) -> list[Evidence]:
        """Every order that was looked at, the oldest first."""
        every = (self.paid, self.declined, self.last_piece, self.out_of_stock)
        return [evidence for evidence in every if evidence]


def walk(url: str, teller: Teller, audit: Callable[[], list[str]]) -> Report:
    """
    Go through the shop at an address, and tell of it.

    Args:
        audit: checks every book of the shop, and says what it found in sentences.

    Raises:
        ShopUnreachable, Unexpected: the shop does not answer as it should.
        AnotherShop: the shop keeps its data elsewhere than these settings say.
        DemoShopMissing: the demo shop is not loaded.
        SagaTookTooLong: no worker runs.
    """

    def caller(name: str) -> Caller:
        return Caller(name, url, teller.heard)

    teller.title(url)
    teller.act(1, "A customer arrives")
    ada = arrive(caller("Ada"))
    teller.act(2, "An order is paid")
    paid = buy(ada)
    teller.evidence(paid)
    teller.act(3, "A card is declined")
    declined = be_declined(ada)
    teller.evidence(declined)
    teller.act(4, "Four people want the last piece at the same moment")
    found = race(caller, teller.say)
    if found:
        teller.race(found)
    report = Report(
        url=url,
        paid=paid,
        declined=declined,
        last_piece=found.won if found else None,
        out_of_stock=found.refused if found else None,
        refused_in_sagas=found.refused_in_sagas if found else 0,
        refused_at_the_till=found.refused_at_the_till if found else len(RIVALS) - 1,
        books=audit(),
    )
    teller.end(report.orders, report.books)
    return report
