"""What was sold makes products popular: the ledger of stock is read on from where it was last read."""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from apps.catalog.models import SalesCounted
from apps.catalog.selectors.popularity import HALF_LIFE_SECONDS
from apps.catalog.statements import DATABASE, SQL
from apps.core.ids import first_id_of

# How many sales one transaction counts; their products are locked meanwhile.
BATCH = 2000


@dataclass(frozen=True, slots=True)
class Turn:
    """How many sales were counted, and the last of them."""

    sales: int
    last: UUID | None


def count_sales(*, batch: int = BATCH) -> int:
    """
    Add what was sold since the last call to the popularity of its products; each sale counts once, whoever calls.

    Reads the ledger from where it was left to the oldest transaction under way: what commits later has a later id.
    Each batch is a transaction of its own, which locks its products in id order and writes those of them only. Kept
    pages stay, and `updated_at` too.

    Returns:
        How many sales were counted.

    Source: selectors/popularity.py.
    """
    SalesCounted.objects.using(DATABASE).get_or_create(id=SalesCounted.ONLY)
    counted = some = _count_some(batch)
    while some == batch:
        some = _count_some(batch)
        counted += some
    return counted


def _count_some(batch: int) -> int:
    with transaction.atomic(using=DATABASE):
        reading = SalesCounted.objects.using(DATABASE).select_for_update().get(id=SalesCounted.ONLY)
        (settled,) = SQL.column("find_oldest_transaction")
        until = first_id_of(settled)
        (turn,) = SQL.rows(
            "count_sales", Turn, since=reading.until, until=until, limit=batch, half_life=HALF_LIFE_SECONDS
        )
        # What is no sale need not be read again either.
        reading.until = turn.last if turn.last and turn.sales == batch else max(until, reading.until)
        reading.save(using=DATABASE, update_fields=["until"])
    return turn.sales
