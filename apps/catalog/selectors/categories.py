"""The tree of categories."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from apps.catalog.models import Category


@dataclass(frozen=True, slots=True)
class Node:
    """A category in its tree; roots have depth 0."""

    id: UUID
    name: str
    parent_id: UUID | None
    depth: int


def list_tree() -> list[Node]:
    """Return every category, active or not, each right after what stands above it; siblings by sort order and name."""
    below: dict[UUID | None, list[tuple[UUID, str]]] = defaultdict(list)
    rows = Category.objects.using("catalog").order_by("sort_order", "name", "id").values_list("id", "name", "parent_id")
    for category, name, parent in rows:
        below[parent].append((category, name))

    def walk(parent: UUID | None, depth: int) -> Iterator[Node]:
        for category, name in below[parent]:
            yield Node(category, name, parent, depth)
            yield from walk(category, depth + 1)

    return list(walk(None, 0))


def list_path(*, category_id: UUID) -> list[UUID]:
    """Return the ids of a category and of all that it stands below, the nearest first."""
    parents = {node.id: node.parent_id for node in list_tree()}
    path: list[UUID] = []
    above: UUID | None = category_id
    while above is not None:
        path.append(above)
        above = parents.get(above)
    return path
