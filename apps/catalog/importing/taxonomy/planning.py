"""
What the shop's categories become when they follow a taxonomy. Pure: the same tree and the same file give the same plan.

A category is recognised by its id in the taxonomy. Taxonomies give a category that moves a new id, so one whose id is
gone goes on as the new one of its name, where no other can be meant: alone of its name, or below the same parent. One
that the shop made itself becomes the taxonomy's where name and parent are the same.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from apps.core.ids import new_id

from .reading import Entry, Taxonomy
from .slugs import Slugs


@dataclass(frozen=True, slots=True)
class Standing:
    """A category as it stands in the shop."""

    id: UUID
    name: str
    slug: str
    parent_id: UUID | None
    taxonomy: str | None = None
    taxonomy_id: str | None = None
    taxonomy_name: str | None = None
    taxonomy_parent_id: str | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A category of the taxonomy as it is to stand."""

    id: UUID
    name: str
    slug: str
    parent_id: UUID | None
    entry: Entry


@dataclass(slots=True)
class Plan:
    """
    What is to be done, and what was found.

    `moved` changes its parent, its id in the taxonomy, or both. `removed` names the heir of each category that goes:
    the nearest one above it that stays. `orphaned` has no such and holds something: it stays, as the shop's own.
    """

    created: list[Row] = field(default_factory=list)
    changed: list[Row] = field(default_factory=list)
    adopted: list[Row] = field(default_factory=list)
    renamed: list[tuple[Standing, Row]] = field(default_factory=list)
    moved: list[tuple[Standing, Row]] = field(default_factory=list)
    removed: dict[UUID, UUID | None] = field(default_factory=dict)
    orphaned: list[UUID] = field(default_factory=list)
    unchanged: int = 0


def plan(taxonomy: Taxonomy, standing: Sequence[Standing], *, holding: Collection[UUID]) -> Plan:
    """
    Decide what becomes of every category.

    A name or a place that the shop's own people gave a category stays. Addresses never change.

    Args:
        standing: every category of the shop; of twins the one to prefer first.
        holding: those with products or boosts of their own.
    """
    known = {s.taxonomy_id: s for s in standing if s.taxonomy == taxonomy.name and s.taxonomy_id}
    matches, adopted = matched(taxonomy.entries, standing, known)
    made = Plan()
    slugs = Slugs(taken={s.slug for s in standing})
    ids: dict[str | None, UUID | None] = {None: None}
    for entry in taxonomy.entries:
        former = matches.get(entry.id)
        if former is None:
            slug = slugs.give(entry.path, spare=f"{taxonomy.name}-{entry.id}")
            row = Row(new_id(), entry.name, slug, ids[entry.parent_id], entry)
            made.created.append(row)
        else:
            row = followed(former, entry, known, ids)
            note(made, former, row, is_adopted=entry.id in adopted)
        ids[entry.id] = row.id
    kept = {former.id for former in matches.values()}
    settle_gone([s for s in known.values() if s.id not in kept], standing, made, holding)
    return made


def followed(former: Standing, entry: Entry, known: Mapping[str, Standing], ids: dict[str | None, UUID | None]) -> Row:
    """Return a category as the taxonomy has it now, but for what the shop's own people changed."""
    name, parent_id = former.name, former.parent_id
    if former.taxonomy_name in (None, name):
        name = entry.name
    above = known.get(former.taxonomy_parent_id or "")
    if former.taxonomy_id and former.parent_id == (above and above.id):
        parent_id = ids[entry.parent_id]
    return Row(former.id, name, former.slug, parent_id, entry)


def note(made: Plan, former: Standing, row: Row, *, is_adopted: bool) -> None:
    """Sort a category that stands already into the plan."""
    as_told = (former.taxonomy_id, former.taxonomy_name, former.taxonomy_parent_id)
    if is_adopted:
        made.adopted.append(row)
    else:
        if row.name != former.name:
            made.renamed.append((former, row))
        if row.parent_id != former.parent_id or row.entry.id != former.taxonomy_id:
            made.moved.append((former, row))
    told = (row.entry.id, row.entry.name, row.entry.parent_id)
    if (row.name, row.parent_id, told) == (former.name, former.parent_id, as_told):
        made.unchanged += 1
    else:
        made.changed.append(row)


def matched(
    entries: Sequence[Entry], standing: Sequence[Standing], known: Mapping[str, Standing]
) -> tuple[dict[str, Standing], set[str]]:
    """Return which category each entry is, unless it is new, and the ids of those that the shop made itself."""
    matches = {entry.id: known[entry.id] for entry in entries if entry.id in known}
    gone: dict[str | None, list[Standing]] = defaultdict(list)
    for former in known.values():
        if former.taxonomy_id not in matches:
            gone[former.taxonomy_name].append(former)
    fresh: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry.id not in matches:
            fresh[entry.name].append(entry)
    for name, namesakes in fresh.items():
        if len(namesakes) == len(gone.get(name, ())) == 1:
            matches[namesakes[0].id] = gone.pop(name)[0]
    own: dict[tuple[UUID | None, str], list[Standing]] = defaultdict(list)
    for former in standing:
        if former.taxonomy is None:
            own[former.parent_id, former.name].append(former)
    adopted = set()
    # Parents stand before their children, so the parent's match is known here.
    for entry in entries:
        parent = matches.get(entry.parent_id) if entry.parent_id else None
        if entry.id in matches or (entry.parent_id and parent is None):
            continue
        if heir := [g for g in gone.get(entry.name, ()) if parent and g.parent_id == parent.id]:
            gone[entry.name].remove(heir[0])
            matches[entry.id] = heir[0]
        elif twins := own.get((parent.id if parent else None, entry.name)):
            matches[entry.id] = twins.pop(0)
            adopted.add(entry.id)
    return matches, adopted


def settle_gone(gone: Sequence[Standing], standing: Sequence[Standing], made: Plan, holding: Collection[UUID]) -> None:
    """Find the heir of each category that the taxonomy has no more."""
    parents = {s.id: s.parent_id for s in standing}
    going = {s.id for s in gone}
    needed = {top_of(s, parents) for s in holding if s in going}
    needed |= {top_of(s.parent_id, parents) for s in standing if s.id not in going and s.parent_id in going}
    for category in [s.id for s in gone]:
        # No more than one of a branch stays: the topmost, when nothing above it does.
        if category in needed and not any(above not in going for above in path_up(category, parents)):
            made.orphaned.append(category)
    going -= set(made.orphaned)
    for category in going:
        made.removed[category] = next((above for above in path_up(category, parents) if above not in going), None)


def path_up(category: UUID, parents: dict[UUID, UUID | None]) -> Iterator[UUID]:
    """Yield what stands above a category, the nearest first."""
    above = parents[category]
    while above is not None:
        yield above
        above = parents[above]


def top_of(category: UUID, parents: dict[UUID, UUID | None]) -> UUID:
    """Return the root above a category, or itself."""
    return next(reversed([category, *path_up(category, parents)]))
