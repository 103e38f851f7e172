"""The import of a taxonomy from end to end."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction

from apps.catalog.services import CategoryBelowItself, lock_tree
from apps.catalog.statements import DATABASE
from apps.core.exceptions import DomainError
from apps.core.integrity import translated

from .planning import Plan, Standing, plan
from .reading import SEPARATOR, Taxonomy, read_taxonomy
from .writing import carry_out, list_heirless, list_holding, list_standing

# An edition changes a small part of a taxonomy. A file that is cut off, or numbers otherwise, changes much of it.
MUCH = 0.1


class TooMuchWouldChange(DomainError):
    """The file takes away or renames more of the taxonomy than a new edition does."""

    code = "too_much_would_change"


@dataclass(frozen=True, slots=True)
class Change:
    """A category that is renamed, moved or removed: its id in the taxonomy, and its path or name before and after."""

    taxonomy_id: str
    before: str
    after: str | None


@dataclass(slots=True)
class TaxonomyReport:
    """
    What an import came to, or would come to where it `is_dry`.

    `counts` counts categories by what becomes of them; `products_moved` the products whose category goes. `changes`
    lists what is renamed, moved, removed and kept as the shop's own. `needs_force` tells that much would change.
    """

    file: str
    taxonomy: str
    version: str | None
    is_dry: bool
    counts: dict[str, int]
    changes: dict[str, list[Change]]
    products_moved: int
    needs_force: bool
    seconds: float = field(default=0.0)

    def as_dict(self) -> dict[str, Any]:
        """Return the report as JSON values."""
        return {
            "file": self.file,
            "taxonomy": self.taxonomy,
            "version": self.version,
            "dry_run": self.is_dry,
            "seconds": round(self.seconds, 3),
            "categories": self.counts,
            "products_moved": self.products_moved,
            "needs_force": self.needs_force,
            "changes": {
                kind: [{"taxonomy_id": one.taxonomy_id, "before": one.before, "after": one.after} for one in changes]
                for kind, changes in self.changes.items()
            },
        }


def import_taxonomy(*, path: Path, is_dry: bool = False, is_forced: bool = False) -> TaxonomyReport:
    """
    Let the shop's categories follow a taxonomy: its first edition here, or a newer one; idempotent.

    One transaction. No product is lost: those of a category that goes stand in the nearest one above it that stays.

    Args:
        is_dry: find out and report the same, and write nothing.
        is_forced: go on where more than a tenth of the taxonomy would be renamed or removed.

    Raises:
        UnreadableFile: the file is no taxonomy.
        TooMuchWouldChange: more than a tenth would be renamed or removed, and it is not forced.
        CategoryBelowItself: the shop's own people moved categories so that the taxonomy would close a circle.
        Nothing is written in any of these cases.

    Source: docs/catalog.md.
    """
    taxonomy = read_taxonomy(path)
    circle = {"category_tree_has_no_cycle": lambda: CategoryBelowItself(CIRCLE)}
    with translated(circle), transaction.atomic(using=DATABASE):
        if not is_dry:
            lock_tree()
        standing = list_standing()
        made = plan(taxonomy, standing, holding=list_holding(taxonomy.name))
        report = report_of(path.name, taxonomy, standing, made, is_dry=is_dry)
        if report.needs_force and not (is_forced or is_dry):
            raise TooMuchWouldChange(TOO_MUCH.format(**report.counts))
        if not is_dry:
            carry_out(made, taxonomy.name)
    return report


CIRCLE = "Somebody moved categories of the taxonomy so that it would stand below itself: move them back first."
TOO_MUCH = (
    "Of {known:,} categories {removed:,} would be removed and {renamed:,} renamed: the file may be cut off, or number "
    "its categories otherwise. Look at it with --dry-run; --force does it."
)


def report_of(file: str, taxonomy: Taxonomy, standing: list[Standing], made: Plan, *, is_dry: bool) -> TaxonomyReport:
    paths = paths_of(standing)
    told = {s.id: s.taxonomy_id or "" for s in standing}
    known = sum(s.taxonomy == taxonomy.name for s in standing)
    heirs = [(category, paths[heir] if heir else None) for category, heir in made.removed.items()]
    changes = {
        "renamed": [Change(row.entry.id, former.name, row.name) for former, row in made.renamed],
        "moved": [Change(row.entry.id, paths[former.id], row.entry.path) for former, row in made.moved],
        "removed": sorted(
            (Change(told[category], paths[category], heir) for category, heir in heirs), key=lambda one: one.before
        ),
        "orphaned": [Change(told[category], paths[category], paths[category]) for category in made.orphaned],
    }
    counts = {
        "in_file": len(taxonomy.entries),
        "known": known,
        "created": len(made.created),
        "adopted": len(made.adopted),
        **{kind: len(found) for kind, found in changes.items()},
        "unchanged": made.unchanged,
    }
    much = len(made.removed) + len(made.orphaned) + len(made.renamed) > MUCH * known
    return TaxonomyReport(
        file, taxonomy.name, taxonomy.version, is_dry, counts, changes, len(list_heirless(made)), much
    )


def paths_of(standing: list[Standing]) -> dict[UUID, str]:
    """Return the path of each category as it stands, with the names of today."""
    rows = {s.id: s for s in standing}
    paths: dict[UUID, str] = {}

    def path(category: UUID) -> str:
        if category not in paths:
            row = rows[category]
            paths[category] = row.name if row.parent_id is None else f"{path(row.parent_id)}{SEPARATOR}{row.name}"
        return paths[category]

    return {category: path(category) for category in rows}
