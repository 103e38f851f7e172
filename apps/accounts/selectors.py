"""Reads of accounts."""

from uuid import UUID

from .grants import NOTHING, Grants
from .models import User


def get_grants(*, user_id: UUID) -> Grants:
    """
    Return what a user may do: the permissions of all their active roles; nothing for an inactive or unknown user.

    One statement; ask once a request.
    """
    rows = list(
        User.objects.using("accounts")
        .filter(id=user_id, is_active=True)
        .values_list("is_superuser", "roles__is_active", "roles__permissions__resource", "roles__permissions__action")
        .order_by()
    )
    if not rows:
        return NOTHING
    return Grants(
        everything=rows[0][0],
        pairs=frozenset((resource, action) for _, live, resource, action in rows if live and resource and action),
    )
