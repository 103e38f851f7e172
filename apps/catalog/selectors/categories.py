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


def stands_in(category_id: UUID, other_id: UUID) -> bool:
    """Tell whether a category is another one, or stands anywhere below it."""
    parents = {node.id: node.parent_id for node in list_tree()}
    above: UUID | None = category_id
    while above is not None and above != other_id:
        above = parents.get(above)
    return above is not None
