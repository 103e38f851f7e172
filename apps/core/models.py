"""What every table shares. Abstract: core owns no database."""

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models.functions import Now

from .ids import new_id


class Identified(models.Model):
    """A row with a UUIDv7 made by the application; rows written by hand in SQL get a random one."""

    id = models.UUIDField(primary_key=True, default=new_id, db_default=RandomUUID(), editable=False)

    class Meta:
        abstract = True


class Created(models.Model):
    """A row that knows when it was written."""

    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        abstract = True


class Timestamped(Created):
    """A row that also knows when it last changed; the trigger `update_<table>_updated_at` keeps `updated_at`."""

    updated_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        abstract = True
