"""Orders. While `status` is `processing` the saga owns the row, and nobody else changes it."""

from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from apps.core.models import Created, Identified, Timestamped


class Order(Identified, Timestamped):
    """
    One order: what was bought, at what price, by whom, where it goes, and how far it is.

    `order_number` is given by the trigger `set_order_number_trigger`. `user_id` is NULL for guests, who show a secret
    instead; `access_token_hash` is its SHA-256. `failure_code` is the stable word for clients, `failure_reason` the
    sentence for people.
    """

    class Status(models.TextChoices):
        PENDING = "pending"
        PROCESSING = "processing"
        CONFIRMED = "confirmed"
        FAILED = "failed"
        CANCELLED = "cancelled"

    class FinancialStatus(models.TextChoices):
        PENDING = "pending"
        PAID = "paid"
        PARTIALLY_REFUNDED = "partially_refunded"
        REFUNDED = "refunded"
        VOIDED = "voided"

    class FulfillmentStatus(models.TextChoices):
        UNFULFILLED = "unfulfilled"
        PARTIAL = "partial"
        FULFILLED = "fulfilled"
        RETURNED = "returned"

    class Source(models.TextChoices):
        WEB = "web"
        MOBILE = "mobile"
        ADMIN = "admin"
        API = "api"

    order_number = models.CharField(max_length=100, blank=True, editable=False)
    user_id = models.UUIDField(null=True, blank=True)
    cart_id = models.UUIDField(null=True, blank=True, editable=False)
    access_token_hash = models.BinaryField(null=True, blank=True)
    email = models.CharField(max_length=255)
    status = models.CharField(max_length=50, choices=Status.choices, db_default=Status.PENDING)
    financial_status = models.CharField(
        max_length=50, choices=FinancialStatus.choices, db_default=FinancialStatus.PENDING
    )
    fulfillment_status = models.CharField(
        max_length=50, choices=FulfillmentStatus.choices, db_default=FulfillmentStatus.UNFULFILLED
    )
    failure_code = models.CharField(max_length=100, null=True, blank=True)
    failure_reason = models.TextField(null=True, blank=True)

    subtotal_price = models.DecimalField(max_digits=10, decimal_places=2)
    total_tax = models.DecimalField(max_digits=10, decimal_places=2, db_default=0)
    total_discounts = models.DecimalField(max_digits=10, decimal_places=2, db_default=0)
    shipping_price = models.DecimalField(max_digits=10, decimal_places=2, db_default=0)
    total_price = models.DecimalField(max_digits=10, decimal_places=2)
    currency = models.CharField(max_length=3, db_default="USD")

    billing_address = models.JSONField()
    shipping_address = models.JSONField()

    shipping_method = models.CharField(max_length=100, null=True, blank=True)
    tracking_number = models.CharField(max_length=255, null=True, blank=True)
    tracking_url = models.CharField(max_length=500, null=True, blank=True)

    notes = models.TextField(null=True, blank=True)
    tags = ArrayField(models.TextField(), null=True, blank=True)
    source = models.CharField(max_length=50, choices=Source.choices, db_default=Source.WEB)
    referring_site = models.CharField(max_length=500, null=True, blank=True)
    landing_site = models.CharField(max_length=500, null=True, blank=True)

    processed_at = models.DateTimeField(null=True, blank=True)
    shipped_at = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "orders"
        constraints = [
            models.UniqueConstraint(fields=["order_number"], name="orders_order_number_key"),
            models.UniqueConstraint(fields=["cart_id"], name="one_order_a_cart"),
            models.CheckConstraint(
                condition=Q(status__in=["pending", "processing", "confirmed", "failed", "cancelled"]),
                name="order_status_is_known",
            ),
            models.CheckConstraint(
                condition=Q(financial_status__in=["pending", "paid", "partially_refunded", "refunded", "voided"]),
                name="order_financial_status_is_known",
            ),
            models.CheckConstraint(
                condition=Q(fulfillment_status__in=["unfulfilled", "partial", "fulfilled", "returned"]),
                name="order_fulfillment_status_is_known",
            ),
            models.CheckConstraint(
                condition=Q(source__in=["web", "mobile", "admin", "api"]), name="order_source_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(status="failed") | Q(failure_code__isnull=False), name="failed_order_says_why"
            ),
            models.CheckConstraint(
                condition=Q(
                    total_price=F("subtotal_price") + F("total_tax") + F("shipping_price") - F("total_discounts")
                ),
                name="order_total_is_the_sum_of_its_parts",
            ),
            models.CheckConstraint(
                condition=Q(
                    subtotal_price__gte=0,
                    total_tax__gte=0,
                    total_discounts__gte=0,
                    shipping_price__gte=0,
                    total_price__gte=0,
                ),
                name="order_amounts_are_not_negative",
            ),
            models.CheckConstraint(condition=Q(currency__regex=r"^[A-Z]{3}$"), name="order_currency_is_iso_4217"),
        ]
        indexes = [
            models.Index(fields=["user_id"], name="idx_orders_user_id"),
            models.Index(fields=["status"], name="idx_orders_status"),
            models.Index(fields=["financial_status"], name="idx_orders_financial_status"),
            models.Index(fields=["created_at"], name="idx_orders_created_at"),
            models.Index(fields=["order_number"], name="idx_orders_order_number"),
            # A customer's own orders, a page at a time.
            models.Index(
                fields=["user_id", "-created_at", "-id"],
                condition=Q(user_id__isnull=False),
                name="idx_orders_user_recent",
            ),
        ]

    def __str__(self) -> str:
        return self.order_number


class OrderLineItem(Identified, Created):
    """One variant of an order, as it was bought; a later change of the product leaves it alone."""

    # The foreign keys to orders are in sql/0002_parts_go_with_their_whole.sql.
    order = models.ForeignKey(
        Order, on_delete=models.CASCADE, related_name="lines", db_constraint=False, db_index=False
    )
    product_id = models.UUIDField()
    variant_id = models.UUIDField(null=True, blank=True)
    quantity = models.IntegerField()
    price = models.DecimalField(max_digits=10, decimal_places=2)
    original_price = models.DecimalField(max_digits=10, decimal_places=2)
    total_discount = models.DecimalField(max_digits=10, decimal_places=2, db_default=0)

    title = models.CharField(max_length=255)
    variant_title = models.CharField(max_length=255, null=True, blank=True)
    sku = models.CharField(max_length=100, null=True, blank=True)
    vendor = models.CharField(max_length=255, null=True, blank=True)
    product_type = models.CharField(max_length=100, null=True, blank=True)
    weight = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)

    fulfillment_status = models.CharField(
        max_length=50, choices=Order.FulfillmentStatus.choices, db_default=Order.FulfillmentStatus.UNFULFILLED
    )
    fulfillment_service = models.CharField(max_length=100, null=True, blank=True)
    returned_quantity = models.IntegerField(
        default=0, db_default=0, help_text="pieces that came back, or are in a return that is open"
    )

    class Meta:
        db_table = "order_line_items"
        constraints = [
            # What two returns of one line meet at: whoever asks for more than is left finds it broken.
            models.CheckConstraint(
                condition=Q(returned_quantity__gte=0, returned_quantity__lte=F("quantity")),
                name="no_more_is_returned_than_was_bought",
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="order_line_quantity_is_positive"),
            models.CheckConstraint(
                condition=Q(price__gte=0, original_price__gte=0, total_discount__gte=0),
                name="order_line_amounts_are_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(fulfillment_status__in=["unfulfilled", "partial", "fulfilled", "returned"]),
                name="order_line_fulfillment_status_is_known",
            ),
        ]
        # idx_order_line_items_product_id, a name too long for Django: sql/0002_lines_are_found_by_their_product.sql.
        indexes = [models.Index(fields=["order"], name="idx_order_line_items_order_id")]

    def __str__(self) -> str:
        return f"{self.quantity} x {self.title}"

    @property
    def currency(self) -> str:
        """The ISO 4217 code of its order."""
        return self.order.currency

    @property
    def total(self) -> Decimal:
        """The line's amount in its order's currency, after its discount."""
        return self.price * self.quantity - self.total_discount

    @property
    def returnable_quantity(self) -> int:
        """How many pieces may still be asked to come back."""
        return self.quantity - self.returned_quantity


class OrderEvent(Identified, Created):
    """
    Something that happened to an order, for whoever asks later; written once, never changed.

    Whoever moves an order writes it: `created`, `confirmed`, `failed`, and those of returns (`return_requested`,
    `return_approved`, `return_refused`, `return_cancelled`, `return_reopened`, `returned`, `refunded`, or
    `return_closed` where no money was due).
    """

    order = models.ForeignKey(
        Order, on_delete=models.CASCADE, related_name="events", db_constraint=False, db_index=False
    )
    event_type = models.CharField(max_length=100)
    description = models.TextField(null=True, blank=True)
    data = models.JSONField(null=True, blank=True)
    created_by = models.UUIDField(null=True, blank=True)

    class Meta:
        db_table = "order_events"
        indexes = [
            models.Index(fields=["order"], name="idx_order_events_order_id"),
            models.Index(fields=["event_type"], name="idx_order_events_type"),
        ]

    def __str__(self) -> str:
        return self.event_type


class OrderDiscount(Identified, Created):
    """A discount that an order got; `discount_value` is a percentage or an amount in the order's currency."""

    class Type(models.TextChoices):
        PERCENTAGE = "percentage"
        FIXED_AMOUNT = "fixed_amount"
        FREE_SHIPPING = "free_shipping"

    order = models.ForeignKey(
        Order, on_delete=models.CASCADE, related_name="discounts", db_constraint=False, db_index=False
    )
    discount_code = models.CharField(max_length=100, null=True, blank=True)
    discount_type = models.CharField(max_length=50, choices=Type.choices, null=True, blank=True)
    discount_value = models.DecimalField(max_digits=10, decimal_places=2)
    title = models.CharField(max_length=255, null=True, blank=True)
    description = models.TextField(null=True, blank=True)

    class Meta:
        db_table = "order_discounts"
        constraints = [
            models.CheckConstraint(
                condition=Q(discount_type__isnull=True)
                | Q(discount_type__in=["percentage", "fixed_amount", "free_shipping"]),
                name="order_discount_type_is_known",
            ),
            models.CheckConstraint(condition=Q(discount_value__gte=0), name="order_discount_is_not_negative"),
        ]
        indexes = [models.Index(fields=["order"], name="idx_order_discounts_order_id")]

    def __str__(self) -> str:
        return self.title or self.discount_code or "discount"
