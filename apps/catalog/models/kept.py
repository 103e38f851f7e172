from collections.abc import Iterable
from typing import Any, ClassVar

from django.db import models


class KeepsColumns(models.Model):
    """
    A row some of whose columns belong to the database or to the services of stock.

    Saving a row that was read a moment ago would write those columns back as they were then, and lose what happened
    meanwhile. So `save` writes them with a new row only, or where `update_fields` names them.
    """

    kept_columns: ClassVar[frozenset[str]]

    class Meta:
        abstract = True

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        if update_fields is None and not self._state.adding and not args and not kwargs.get("force_insert"):
            fields = [field.name for field in self._meta.concrete_fields if not field.primary_key]
            update_fields = [name for name in fields if name not in self.kept_columns]
        super().save(*args, update_fields=update_fields, **kwargs)
