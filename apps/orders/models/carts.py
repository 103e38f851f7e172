"""Shopping carts. A cart becomes one order, once, and is never changed after that."""

from datetime import timedelta
from decimal import Decimal

from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.db.models import Q

from apps.core.models import Identified, Timestamped

CART_LIFETIME = timedelta(days=30)


class ShoppingCart(Identified, Timestamped):
    """
    What a buyer means to buy.

    `user_id` is NULL for guests; `session_id` is then the SHA-256 of the guest's secret, in hexadecimal, so that a
    stolen copy of the table opens no cart. Lines hold what the buyer saw when they were added.
    """

    user_id = models.UUIDField(null=True, blank=True)
    session_id = models.CharField(max_length=255, null=True, blank=True)
    email = models.CharField(max_length=255, null=True, blank=True)
    shipping_address = models.JSONField(null=True, blank=True)
    billing_address = models.JSONField(null=True, blank=True)

    subtotal_price = models.DecimalField(max_digits=10, decimal_places=2, db_default=0)
    total_price = models.DecimalField(max_digits=10, decimal_places=2, db_default=0)
    currency = models.CharField(max_length=3, db_default="USD")

    abandoned_checkout_url = models.CharField(max_length=500, null=True, blank=True)
    recovered_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(db_default=TransactionNow() + CART_LIFETIME)

    completed_at = models.DateTimeField(null=True, blank=True)
    order_id = models.UUIDField(null=True, blank=True, unique=True)

    class Meta:
        db_table = "shopping_carts"
        constraints = [
            models.CheckConstraint(condition=Q(subtotal_price__gte=0), name="cart_subtotal_is_not_negative"),
            models.CheckConstraint(condition=Q(total_price__gte=0), name="cart_total_is_not_negative"),
            models.CheckConstraint(condition=Q(currency__regex=r"^[A-Z]{3}$"), name="cart_currency_is_iso_4217"),
            models.CheckConstraint(
                condition=Q(completed_at__isnull=True, order_id__isnull=True)
                | Q(completed_at__isnull=False, order_id__isnull=False),
                name="completed_cart_names_its_order",
            ),
        ]
        indexes = [
            models.Index(fields=["user_id"], name="idx_shopping_carts_user_id"),
            models.Index(fields=["session_id"], name="idx_shopping_carts_session_id"),
            models.Index(fields=["expires_at"], name="idx_shopping_carts_expires_at"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class CartLineItem(Identified, Timestamped):
    """One variant in a cart, at the price and under the title that the buyer saw."""

    # The foreign key is in sql/0002_parts_go_with_their_whole.sql: the database deletes lines with their cart.
    cart = models.ForeignKey(
        ShoppingCart, on_delete=models.CASCADE, related_name="lines", db_constraint=False, db_index=False
    )
    product_id = models.UUIDField()
    variant_id = models.UUIDField()
    quantity = models.IntegerField()
    price = models.DecimalField(max_digits=10, decimal_places=2)

    title = models.CharField(max_length=255)
    variant_title = models.CharField(max_length=255, null=True, blank=True)
    sku = models.CharField(max_length=100, null=True, blank=True)
    image_url = models.CharField(max_length=500, null=True, blank=True)

    class Meta:
        db_table = "cart_line_items"
        constraints = [
            models.UniqueConstraint(fields=["cart", "variant_id"], name="one_cart_line_a_variant"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="cart_line_quantity_is_positive"),
            models.CheckConstraint(condition=Q(price__gte=0), name="cart_line_price_is_not_negative"),
        ]
        indexes = [models.Index(fields=["cart"], name="idx_cart_line_items_cart_id")]

    def __str__(self) -> str:
        return f"{self.quantity} x {self.title}"

    @property
    def currency(self) -> str:
        """The ISO 4217 code of its cart."""
        return self.cart.currency

    @property
    def total(self) -> Decimal:
        """The line's amount in its cart's currency; exact, as a price has no more digits than its currency."""
        return self.price * self.quantity
