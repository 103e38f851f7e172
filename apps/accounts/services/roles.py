"""Roles of users, and what roles grant."""

from collections.abc import Collection
from uuid import UUID

from django.db import transaction

from apps.accounts.models import Permission, Role, User
from apps.accounts.statements import SQL


def give_role(*, user_id: UUID, role: str) -> None:
    """
    Give a user the role of this name; idempotent, one statement.

    A role that the shop deleted is given to nobody, and that is no error: it grants nothing either way.
    """
    SQL.run("give_role", user_id=user_id, role=role)


def set_roles(*, user_id: UUID, role_ids: Collection[UUID]) -> None:
    """
    Give a user these roles and take every other one away; idempotent, and one that stays keeps its row.

    Args:
        user_id: of a user who exists, open or closed.
        role_ids: empty takes all away; ids that no role has are left out.
    """
    with transaction.atomic(using="accounts"):
        User.objects.select_for_update().only("id").get(id=user_id).roles.set(Role.objects.filter(id__in=role_ids))


def set_permissions(*, role_id: UUID, permission_ids: Collection[UUID]) -> None:
    """
    Let a role grant these permissions and no other; idempotent, and one that stays keeps its row.

    Args:
        role_id: of a role that exists, active or not.
        permission_ids: empty takes all away; ids that no permission has are left out.
    """
    with transaction.atomic(using="accounts"):
        role = Role.objects.select_for_update().only("id").get(id=role_id)
        role.permissions.set(Permission.objects.filter(id__in=permission_ids))
