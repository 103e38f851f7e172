"""
Permissions for Django: its admin and `has_perm` obey the same rows as the API.

A permission is asked for in one of two ways:

- `"<resource>.<action>"`, as the rows have it: `"orders.refund"`;
- `"<app>.<action>_<model>"`, as Django's admin has it: `"catalog.change_product"`. The setting PERMISSION_RESOURCES
  says which resource a model, or else its whole app, belongs to: `("products", "change")`.
"""

from typing import Any, cast
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from . import selectors, services
from .models import User
from .selectors import Grants


def resource_of(app_label: str, model_name: str) -> str:
    """Return the resource that the permissions of a model speak of."""
    resources = settings.PERMISSION_RESOURCES
    return resources.get(f"{app_label}.{model_name}") or resources.get(app_label, app_label)


def required(perm: str) -> tuple[str, str]:
    """Return the resource and action that a permission's name stands for."""
    app_label, _, codename = perm.partition(".")
    action, _, model_name = codename.rpartition("_")
    if action and model_name in apps.all_models.get(app_label, {}):
        return resource_of(app_label, model_name), action
    return app_label, codename


def grants_of(user: Any) -> Grants:
    """Return the grants of a user, read once an object and so once a request."""
    if not hasattr(user, "_grants"):
        user._grants = selectors.get_grants(user_id=user.pk)
    return cast(Grants, user._grants)


class RoleBackend(BaseBackend):
    """Signs in by e-mail address and password, and answers Django's permission questions from the rows."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **others: Any
    ) -> User | None:
        email = username or others.get(User.USERNAME_FIELD)
        if email is None or password is None:
            return None
        try:
            return services.check_credentials(email=email, password=password)
        except services.InvalidCredentials:
            return None

    def get_user(self, user_id: UUID) -> User | None:
        return User.objects.using("accounts").filter(pk=user_id, is_active=True).first()

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        return not user_obj.is_anonymous and grants_of(user_obj).allow(*required(perm))

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        """Return whether the user may see anything of an app: the admin then lists it."""
        if user_obj.is_anonymous:
            return False
        grants = grants_of(user_obj)
        return any(grants.touch(resource_of(app_label, model)) for model in apps.all_models.get(app_label, {}))
