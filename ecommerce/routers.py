"""Which database owns which app. This mapping is the only place that says so."""

from typing import Any

from django.db.models import Model

OWNER = {
    "accounts": "accounts",
    # Django's own tables live beside the users they speak of.
    "admin": "accounts",
    "auth": "accounts",
    "contenttypes": "accounts",
    "sessions": "accounts",
    "catalog": "catalog",
    "orders": "orders",
    # A saga is born in the commit of the order it serves.
    "sagas": "orders",
    "payments": "payments",
    "notifications": "notifications",
}


class UnknownOwner(LookupError):
    """An app has tables but no database: add it to OWNER in ecommerce/routers.py."""


def owner_of(app_label: str) -> str:
    """Return the alias of the database that owns an app's tables, or raise UnknownOwner."""
    try:
        return OWNER[app_label]
    except KeyError:
        raise UnknownOwner(f"no database owns the app {app_label!r}: add it to OWNER in ecommerce/routers.py") from None


class DatabasePerApp:
    """Send every query of a model to the one database that owns its app."""

    def db_for_read(self, model: type[Model], **hints: Any) -> str:
        return owner_of(model._meta.app_label)

    def db_for_write(self, model: type[Model], **hints: Any) -> str:
        return owner_of(model._meta.app_label)

    def allow_relation(self, one: Model, other: Model, **hints: Any) -> bool:
        return owner_of(one._meta.app_label) == owner_of(other._meta.app_label)

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return owner_of(app_label) == db
