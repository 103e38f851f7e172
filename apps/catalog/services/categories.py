"""The tree of categories: what moves a branch, and what takes a category away."""

from uuid import UUID

from django.db import connections, transaction

from apps.catalog.models import Category
from apps.catalog.selectors import CategoryNotFound
from apps.catalog.statements import DATABASE
from apps.core.exceptions import DomainError
from apps.core.integrity import translated

from .announcements import announce_categories


class CategoryBelowItself(DomainError):
    """A category would stand below itself."""

    code = "category_below_itself"


class CategoryHasChildren(DomainError):
    """Other categories stand below this one."""

    code = "category_has_children"


def lock_tree() -> None:
    """
    Keep everybody else from changing the tree until the caller's transaction ends.

    Take it before the rows, as every writer of categories does: the triggers of the tree take the same lock after them.

    Source: rule category_tree_has_no_cycle.
    """
    with connections[DATABASE].cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('category_tree_has_no_cycle'))")


def move_category(*, category_id: UUID, parent_id: UUID | None) -> None:
    """
    Put a category, with all that stands below it, below another, or make it a root; idempotent.

    Moves wait for each other; of two that would close a circle together, the second is refused.

    Args:
        parent_id: where it goes; None for no parent.

    Raises:
        CategoryNotFound: there is no such category, or no such parent.
        CategoryBelowItself: the parent is the category itself or stands below it. Nothing has moved.

    Source: rule category_tree_has_no_cycle.
    """
    circle = {"category_tree_has_no_cycle": lambda: CategoryBelowItself("A category cannot stand below itself.")}
    with translated(circle), transaction.atomic(using=DATABASE):
        lock_tree()
        categories = Category.objects.using(DATABASE)
        if parent_id is not None and not categories.filter(id=parent_id).exists():
            raise CategoryNotFound("There is no such category to move to.", parent_id=str(parent_id))
        if not categories.filter(id=category_id).update(parent_id=parent_id):
            raise CategoryNotFound("There is no such category.", category_id=str(category_id))
        announce_categories()


def delete_category(*, category_id: UUID) -> None:
    """
    Take away a category with nothing below it; its products stay, and stand elsewhere or nowhere. Idempotent.

    Raises:
        CategoryHasChildren: others stand below it: move or delete those first. Nothing is deleted.

    Source: the founding design's reference of `parent_id`, which does not cascade.
    """
    children = {
        "categories_parent_id_fkey": lambda: CategoryHasChildren(
            "Other categories stand below this one: move or delete them first."
        )
    }
    with translated(children), transaction.atomic(using=DATABASE):
        lock_tree()
        # By the database's own cascade: Django's would first read every product of the category.
        Category.objects.using(DATABASE).filter(id=category_id)._raw_delete(DATABASE)
        announce_categories()
