"""What every table shares. Abstract: core owns no database."""

from typing import Any

from django.contrib.postgres.functions import RandomUUID, TransactionNow
from django.db import models

from .ids import new_id


class DatabaseTimeField(models.DateTimeField):  # type: ignore[type-arg]
    """
    A time that the database gives, and that INSERT brings back: without it Django 5.2 leaves an expression there.

    Migrations see a plain DateTimeField. Django 6.0 brings back every default by itself.
    """

    db_returning = True

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.DateTimeField", list(args), dict(kwargs)


class Identified(models.Model):
    """A row with a UUIDv7 made by the application; rows written by hand in SQL get a random one."""

    id = models.UUIDField(primary_key=True, default=new_id, db_default=RandomUUID(), editable=False)

    class Meta:
        abstract = True


class Created(models.Model):
    """
    A row that knows when it was written.

    The default is the transaction's time, as in the trigger of `updated_at`: a row written and changed in one
    transaction is then not changed before it was written, which Django's Now (the statement's time) would say.
    """

    created_at = DatabaseTimeField(db_default=TransactionNow(), editable=False)

    class Meta:
        abstract = True


class Timestamped(Created):
    """A row that also knows when it last changed; the trigger `update_<table>_updated_at` keeps `updated_at`."""

    updated_at = DatabaseTimeField(db_default=TransactionNow(), editable=False)

    class Meta:
        abstract = True


class IdempotencyRecord(Created):
    """
    The answer to a request that came with an `Idempotency-Key`, kept beside the effect of that request.

    An app that moves money or stock makes it concrete in its own database:
    `class IdempotencyRecord(models.IdempotencyRecord)` with `db_table = "idempotency_records"`.
    """

    pk = models.CompositePrimaryKey("scope", "key")
    scope = models.CharField(max_length=200)
    key = models.CharField(max_length=255)
    request_hash = models.BinaryField(max_length=32)
    status = models.SmallIntegerField()
    headers = models.JSONField()
    body = models.BinaryField()
    expires_at = models.DateTimeField()

    class Meta:
        abstract = True
        db_table = "idempotency_records"
