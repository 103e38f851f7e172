from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.db.models import Q

from apps.core.models import DatabaseTimeField


class PublicationsTold(models.Model):
    """Up to when products that began or ended by themselves are announced; the only row has the id 1."""

    ONLY = 1

    id = models.SmallIntegerField(primary_key=True, default=ONLY, db_default=ONLY)
    until = DatabaseTimeField(db_default=TransactionNow())

    class Meta:
        db_table = "publications_told"
        constraints = [models.CheckConstraint(condition=Q(id=1), name="publications_are_told_once")]

    def __str__(self) -> str:
        return f"until {self.until}"
