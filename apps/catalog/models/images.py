from django.db import models
from django.db.models import Q

from apps.core.models import Created, Identified


class ImageFetch(Identified, Created):
    """
    An image that products name by somebody else's address, and what became of fetching it.

    `digest` is the SHA-256 of `url`, which is too long for an index. While one fetches it, `due_at` is when the lease
    ends: whoever looks then fetches it again. `path` is where the default storage has it.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        FETCHED = "fetched"
        REFUSED = "refused"
        GIVEN_UP = "given up"

    url = models.TextField()
    digest = models.CharField(max_length=64)
    state = models.CharField(max_length=20, choices=State.choices, default=State.WAITING, db_default=State.WAITING)
    tries = models.IntegerField(default=0, db_default=0)
    due_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(null=True, blank=True)
    path = models.TextField(null=True, blank=True)
    public_url = models.TextField(null=True, blank=True, help_text="what products show instead")
    content_type = models.CharField(max_length=50, null=True, blank=True)
    size = models.IntegerField(null=True, blank=True, help_text="bytes")
    width = models.IntegerField(null=True, blank=True)
    height = models.IntegerField(null=True, blank=True)

    class Meta:
        db_table = "image_fetches"
        constraints = [models.UniqueConstraint(fields=["digest"], name="image_is_fetched_once")]
        indexes = [models.Index(fields=["due_at", "id"], condition=Q(state="waiting"), name="idx_image_fetches_due")]

    def __str__(self) -> str:
        return self.url


class ImageUse(models.Model):
    """A product that named an image when it was noted; it may show another by now, or be gone."""

    pk = models.CompositePrimaryKey("fetch_id", "product_id")
    fetch_id = models.UUIDField()
    product_id = models.UUIDField()

    class Meta:
        db_table = "image_uses"

    def __str__(self) -> str:
        return f"{self.fetch_id} of {self.product_id}"
