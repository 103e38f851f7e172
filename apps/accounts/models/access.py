"""What Django asks of a user about permissions; the answers come from the auth backend."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth import get_backends


class Access:
    """
    The permission questions of Django, its admin and its REST framework, for any kind of signed-in user.

    Nothing here is stored: backends.RoleBackend reads the rows of roles and permissions, once an object.
    """

    is_active: Any

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        user: Any = self
        return bool(self.is_active) and any(backend.has_perm(user, perm, obj) for backend in get_backends())

    def has_perms(self, perm_list: Iterable[str], obj: Any = None) -> bool:
        return all(self.has_perm(perm, obj) for perm in perm_list)

    def has_module_perms(self, app_label: str) -> bool:
        return bool(self.is_active) and any(
            hasattr(backend, "has_module_perms") and backend.has_module_perms(self, app_label)
            for backend in get_backends()
        )

    @property
    def is_staff(self) -> bool:
        """Whether the person may enter the back office at all: the permission `back_office.enter`."""
        return self.has_perm("back_office.enter")
