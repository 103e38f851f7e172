"""The places themselves, and giving variants places."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from apps.catalog.models import StockLevel, StockLocation
from apps.catalog.selectors import list_variant_ids
from apps.catalog.services.stock import lock_variants
from apps.catalog.statements import DATABASE, SQL
from apps.core.exceptions import DomainError, NotFound
from apps.core.ids import FIRST_ID, new_id
from apps.core.integrity import translated

BATCH = 1_000


class LocationNotFound(NotFound):
    """No active location has this code."""

    code = "location_not_found"


class CodeTaken(DomainError):
    """Another location has this code."""

    code = "location_code_taken"


class LocationInUse(DomainError):
    """Pieces still stand there, so it is not closed."""

    code = "location_in_use"


class LastLocation(DomainError):
    """It is the only one that is open; stock has to stand somewhere."""

    code = "last_location"


def add_location(*, code: str, name: str, priority: int = 0) -> UUID:
    """
    Open a place for stock and return its id; nothing stands there yet. Lower priorities come first.

    Raises:
        CodeTaken: nothing is made.
    """
    taken = {"stock_locations_code_key": lambda: CodeTaken(f"Another location has the code {code}.")}
    with translated(taken), transaction.atomic(using=DATABASE):
        place = StockLocation.objects.using(DATABASE).create(id=new_id(), code=code, name=name, priority=priority)
    return place.id


def change_location(*, code: str, fields: Mapping[str, Any]) -> None:
    """
    Change `name`, `priority` or `is_active` of a place; idempotent. Orders take by the new priority from now on.

    Raises:
        LocationNotFound, LastLocation, LocationInUse: nothing is changed.
    """
    with transaction.atomic(using=DATABASE):
        # All of them, in id order as those lock them who move stock: none is closed while another one is.
        locked = StockLocation.objects.using(DATABASE).select_for_update(no_key=True).order_by("id")
        places = {place.code: place for place in locked}
        if code not in places:
            raise LocationNotFound(f"No location has the code {code}.")
        if fields.get("is_active") is False and places[code].is_active:
            _refuse_to_close(places[code], places.values())
        StockLocation.objects.using(DATABASE).filter(id=places[code].id).update(**fields)


def _refuse_to_close(place: StockLocation, places: Iterable[StockLocation]) -> None:
    if not any(other.is_active for other in places if other.id != place.id):
        raise LastLocation(f"{place.name} is the only open location.")
    levels = StockLevel.objects.using(DATABASE).filter(location=place)
    if levels.filter(~Q(available=0) | ~Q(reserved=0)).exists():
        raise LocationInUse(f"Stock stands at {place.name}, or orders hold some: carry it elsewhere first.")


def find_places(codes: Collection[str]) -> dict[str, UUID]:
    """
    Return the open places with these codes, by code; unknown and closed ones are left out.

    None of the open places is closed before the transaction ends.
    """
    return {row["code"]: row["id"] for row in SQL.rows("lock_places") if row["code"] in codes}


def locate(variant_ids: Collection[UUID]) -> int:
    """
    Give locked variants places: what is there of them stands at the first. Idempotent; returns how many got places.

    Raises:
        LocationNotFound: the shop has no open location.
    """
    if not variant_ids:
        return 0
    places = SQL.column("lock_places")
    if not places:
        raise LocationNotFound("The shop has no open location.")
    return len(SQL.column("locate_variants", variants=sorted(variant_ids), location_id=places[0]))


def locate_stock() -> int:
    """
    Give every variant places, batch by batch: all that is there stands at the first location. Idempotent.

    Returns:
        How many variants got places.

    Raises:
        LocationNotFound: the shop has no open location.
    """
    located, after = 0, FIRST_ID
    while ids := list_variant_ids(after=after, limit=BATCH):
        with transaction.atomic(using=DATABASE):
            located += locate(lock_variants(ids))
        after = ids[-1]
    return located
