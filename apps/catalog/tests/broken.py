"""Catching the constraint that a block breaks."""

from django.db import IntegrityError, transaction

from apps.core.integrity import broken_constraint


class Broken:
    """Catches the one constraint that a block breaks."""

    name: str | None = None

    def __enter__(self):
        self.block = transaction.atomic(using="catalog")
        self.block.__enter__()
        return self

    def __exit__(self, kind, error, trace):
        self.block.__exit__(kind, error, trace)
        if isinstance(error, IntegrityError):
            self.name = broken_constraint(error)
            return True
        return False
