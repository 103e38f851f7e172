"""Where the stock of a shop with several places stands. A variant that is not located has no rows here."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from apps.core.models import Created, Identified, Timestamped

from .variants import ProductVariant


class StockLocation(Identified, Timestamped):
    """A place where goods lie. Orders take from the one with the lowest `priority` first; ids decide between equals."""

    code = models.CharField(
        max_length=50,
        help_text="what lists name it by: lisbon",
        validators=[RegexValidator(r"^[a-z0-9-]+$", "Give small letters, digits and hyphens.")],
    )
    name = models.CharField(max_length=255)
    priority = models.IntegerField(default=0, db_default=0, help_text="the lowest comes first")
    is_active = models.BooleanField(default=True, db_default=True)

    class Meta:
        db_table = "stock_locations"
        constraints = [models.UniqueConstraint(fields=["code"], name="stock_locations_code_key")]

    def __str__(self) -> str:
        return self.name


class StockLevel(models.Model):
    """
    Pieces of one located variant at one place: `available` can be sold from there, `reserved` is held there by orders.

    On hand there is their sum. Over all places the two are the variant's `inventory_quantity` and `reserved_quantity`.
    `available` goes below zero only for back-orders (rule level_is_never_oversold).
    """

    pk = models.CompositePrimaryKey("variant_id", "location_id")
    variant = models.ForeignKey(
        ProductVariant, on_delete=models.DO_NOTHING, related_name="levels", db_constraint=False, db_index=False
    )
    location = models.ForeignKey(
        StockLocation, on_delete=models.DO_NOTHING, related_name="levels", db_constraint=False, db_index=False
    )
    available = models.IntegerField(default=0, db_default=0)
    reserved = models.IntegerField(default=0, db_default=0)

    class Meta:
        db_table = "stock_levels"
        constraints = [
            models.CheckConstraint(condition=Q(reserved__gte=0), name="level_reserved_is_never_negative"),
        ]
        indexes = [models.Index(fields=["location"], name="idx_stock_levels_location")]

    def __str__(self) -> str:
        return f"{self.available} + {self.reserved} of {self.variant_id}"


class ReservationLocation(models.Model):
    """How much of a reservation one place holds, or held: released it went back there, sold it left from there."""

    pk = models.CompositePrimaryKey("order_id", "variant_id", "location_id")
    order_id = models.UUIDField()
    variant = models.ForeignKey(ProductVariant, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False)
    location = models.ForeignKey(StockLocation, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False)
    quantity = models.IntegerField()

    class Meta:
        db_table = "inventory_reservation_locations"
        constraints = [models.CheckConstraint(condition=Q(quantity__gt=0), name="place_holds_something")]
        indexes = [models.Index(fields=["variant"], name="idx_reservation_places_variant")]

    def __str__(self) -> str:
        return f"{self.quantity} of {self.variant_id} for {self.order_id}"


class LocationMovement(Identified, Created):
    """
    One line in the ledger of one place; never changed. `quantity` in pieces, negative when they leave the place.

    The shop's own ledger, inventory_movements, knows no places; this one says where its lines happened, and what was
    carried from one place to another.
    """

    class Type(models.TextChoices):
        LOCATED = "located", "located: what stood here when the variant got places"
        RESTOCK = "restock"
        SALE = "sale"
        RETURN = "return"
        ADJUSTMENT = "adjustment"
        TRANSFER = "transfer"

    variant = models.ForeignKey(ProductVariant, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False)
    location = models.ForeignKey(StockLocation, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False)
    movement_type = models.CharField(max_length=20, choices=Type.choices)
    quantity = models.IntegerField()
    reference_id = models.UUIDField(null=True, blank=True, help_text="order, purchase order, transfer, ...")
    created_by = models.UUIDField(null=True, blank=True, help_text="the user who moved it")

    class Meta:
        db_table = "location_movements"
        constraints = [
            models.CheckConstraint(condition=~Q(quantity=0), name="location_movement_moves_something"),
            models.CheckConstraint(
                condition=Q(movement_type__in=["located", "restock", "sale", "return", "adjustment", "transfer"]),
                name="location_movement_type_is_known",
            ),
        ]
        indexes = [
            models.Index(fields=["variant", "location"], name="idx_location_movements_variant"),
            models.Index(fields=["location", "created_at", "id"], name="idx_location_movements_recent"),
        ]

    def __str__(self) -> str:
        return f"{self.movement_type} {self.quantity:+d}"
