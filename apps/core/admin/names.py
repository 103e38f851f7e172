"""
Rows of other databases by name: an order's number and a customer's address, where a table keeps only their ids.

No statement can join two databases. So the ids of a whole page are gathered and asked for once a kind; whoever owns
the rows says how they are called: `calls("order", Order, list_order_numbers)`.
"""

import logging
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.admin import display
from django.db import OperationalError
from django.db.models import Model
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from .columns import Column, spoken

logger = logging.getLogger(__name__)

Names = Mapping[UUID, str]


@dataclass(frozen=True)
class Kind:
    """Rows of one model, and how to ask what many of them are called; an id that is unknown is left out."""

    model: type[Model]
    names: Callable[[Collection[UUID]], Names]

    def visible_to(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(f"{self.model._meta.app_label}.view_{self.model._meta.model_name}"))

    def page_of(self, row_id: UUID) -> str:
        return reverse(f"admin:{self.model._meta.app_label}_{self.model._meta.model_name}_change", args=[row_id])


KINDS: dict[str, Kind] = {}


def calls(kind: str, model: type[Model], names: Callable[[Collection[UUID]], Names]) -> None:
    """Say how the rows are called that other tables keep as `<kind>_id`."""
    KINDS[kind] = Kind(model, names)


def names_of(request: HttpRequest, kind: str, ids: Collection[UUID]) -> Names:
    """Return the names of rows; none for who may not see the rows, and none while their database is away."""
    known = KINDS.get(kind)
    if not ids or known is None or not known.visible_to(request):
        return {}
    try:
        return known.names(ids)
    except OperationalError:
        logger.warning("names_unknown", extra={"kind": kind}, exc_info=True)
        return {}


def named(field: str, kind: str = "", *, description: str = "") -> Column:
    """Return a column that shows the row behind a foreign id by its name: a link on a page, plain text in a list."""

    @display(description=description or spoken(field.removesuffix("_id")))
    def shown(admin: Any, row: Any) -> Any:
        name, page = getattr(row, "foreign_names", {}).get(field, (getattr(row, field), ""))
        return format_html('<a href="{}" class="text-link">{}</a>', page, name) if page else name

    shown.foreign = (field, kind or field.removesuffix("_id"))  # type: ignore[attr-defined]
    return shown


def foreign_ids(admin: type) -> Iterator[tuple[str, str]]:
    """Return the field and the kind of each `named` column of an admin class."""
    for above in admin.__mro__:
        yield from (member.foreign for member in vars(above).values() if hasattr(member, "foreign"))


def name_rows(request: HttpRequest, admin: type, rows: Collection[Any], *, link: bool = False) -> None:
    """Give rows the names that their `named` columns show; with `link`, the addresses of the pages too."""
    for row in rows:
        row.foreign_names = {}
    for field, kind in foreign_ids(admin):
        names = names_of(request, kind, {getattr(row, field) for row in rows} - {None})
        for row in rows:
            row_id = getattr(row, field)
            if row_id in names:
                row.foreign_names[field] = names[row_id], KINDS[kind].page_of(row_id) if link else ""
