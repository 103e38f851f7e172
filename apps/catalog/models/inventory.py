from django.db import models
from django.db.models import Q

from apps.core.ids import FIRST_ID
from apps.core.models import Created, Identified, Timestamped

from .variants import ProductVariant


class InventoryMovement(Identified, Created):
    """
    One line in the ledger of physical stock; never changed. `quantity` in pieces, negative when they leave.

    Holding stock for an order moves nothing: the movement is written when the order is committed.
    """

    class Type(models.TextChoices):
        INITIAL = "initial"
        RESTOCK = "restock"
        SALE = "sale"
        RETURN = "return"
        ADJUSTMENT = "adjustment"

    class Reason(models.TextChoices):
        """Why stock was adjusted."""

        DAMAGED = "damaged"
        EXPIRED = "expired"
        LOST = "lost"
        FOUND = "found"
        GIVEN_AWAY = "given_away", "given away"
        COUNT = "count"
        CORRECTION = "correction"

    product_variant = models.ForeignKey(
        ProductVariant, on_delete=models.PROTECT, related_name="movements", db_constraint=False, db_index=False
    )
    movement_type = models.CharField(max_length=50, choices=Type.choices)
    quantity = models.IntegerField()
    reference_id = models.UUIDField(null=True, blank=True, help_text="order, purchase order, ...")
    reference_type = models.CharField(max_length=50, null=True, blank=True)
    notes = models.TextField(null=True, blank=True)
    created_by = models.UUIDField(null=True, blank=True, help_text="the user who moved it")

    # Beyond the founding design.
    reason = models.CharField(max_length=20, choices=Reason.choices, null=True, blank=True)
    counted_at = models.DateTimeField(
        null=True, blank=True, help_text="when the pieces were counted that this goes back to"
    )

    class Meta:
        db_table = "inventory_movements"
        constraints = [
            models.CheckConstraint(
                condition=Q(movement_type="sale", quantity__lt=0)
                | Q(movement_type__in=["restock", "return"], quantity__gt=0)
                | (Q(movement_type__in=["initial", "adjustment"]) & ~Q(quantity=0)),
                name="movement_goes_its_way",
            ),
            models.CheckConstraint(
                condition=Q(reason__isnull=True)
                | Q(reason__in=["damaged", "expired", "lost", "found", "given_away", "count", "correction"]),
                name="movement_reason_is_known",
            ),
            models.UniqueConstraint(
                fields=["reference_id", "product_variant"],
                condition=Q(movement_type="sale"),
                name="order_is_sold_once",
            ),
        ]
        indexes = [
            # A variant's whole ledger, and its last lines first.
            models.Index(fields=["product_variant", "created_at", "id"], name="idx_inventory_movements_recent"),
            models.Index(fields=["movement_type"], name="idx_inventory_movements_type"),
        ]

    def __str__(self) -> str:
        return f"{self.movement_type} {self.quantity:+d}"


class InventoryReservation(Timestamped):
    """What one order holds of one variant: held, then either released or sold, for ever."""

    class State(models.TextChoices):
        HELD = "held"
        RELEASED = "released"
        SOLD = "sold"

    pk = models.CompositePrimaryKey("order_id", "variant_id")
    order_id = models.UUIDField()
    variant = models.ForeignKey(
        ProductVariant, on_delete=models.PROTECT, related_name="reservations", db_constraint=False, db_index=False
    )
    quantity = models.IntegerField()
    state = models.CharField(max_length=20, choices=State.choices, default=State.HELD, db_default=State.HELD)

    class Meta:
        db_table = "inventory_reservations"
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="reservation_holds_something"),
            models.CheckConstraint(
                condition=Q(state__in=["held", "released", "sold"]), name="reservation_state_is_known"
            ),
        ]
        indexes = [
            # For the auditor, and for what the admin shows of a variant.
            models.Index(fields=["variant"], condition=Q(state="held"), name="idx_inventory_reservations_held"),
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.quantity} of {self.variant_id} for {self.order_id}"


class SalesCounted(models.Model):
    """Up to which id of the ledger its sales are counted in `products.popularity_score`; the only row has the id 1."""

    ONLY = 1

    id = models.SmallIntegerField(primary_key=True, default=ONLY, db_default=ONLY)
    until = models.UUIDField(default=FIRST_ID, db_default=FIRST_ID)

    class Meta:
        db_table = "sales_counted"
        constraints = [models.CheckConstraint(condition=Q(id=1), name="sales_are_counted_once")]

    def __str__(self) -> str:
        return f"until {self.until}"
