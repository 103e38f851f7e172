"""Returns of goods. While `status` is `receiving` or `received` the saga owns the row, and nobody else changes it."""

from django.db import models
from django.db.models import F, Q

from apps.core.models import Created, Identified, Timestamped

from .orders import Order, OrderLineItem


class OrderReturn(Identified, Timestamped):
    """
    Goods of one order that come back, and the money that goes back for them.

    States, and who may move them:

    - `requested`: the buyer asks; staff answer.
    - `approved`: staff wait for the goods. Also where a receipt that could not be finished is undone to.
    - `receiving`: staff wrote down what arrived, and the saga holds the refund.
    - `received`: past the saga's pivot: the goods are ours, and the money will go back.
    - `closed`: the money went back.
    - `refused`: staff said no. `cancelled`: the buyer or staff called it off before the goods came.

    `return_number` is given by the trigger `set_return_number_trigger`. `receipt_id` names one act of receiving:
    another act, after an undone one, is another saga. Amounts in the order's currency, empty until goods are received.
    """

    class Status(models.TextChoices):
        REQUESTED = "requested"
        APPROVED = "approved"
        RECEIVING = "receiving"
        RECEIVED = "received"
        CLOSED = "closed"
        REFUSED = "refused"
        CANCELLED = "cancelled"

    class Reason(models.TextChoices):
        DAMAGED = "damaged", "arrived damaged"
        WRONG_ITEM = "wrong_item", "not what was ordered"
        NOT_AS_DESCRIBED = "not_as_described", "not as described"
        NO_LONGER_WANTED = "no_longer_wanted", "no longer wanted"
        OTHER = "other", "something else"

    # The foreign keys are in sql/0005_returns_go_with_their_order.sql.
    order = models.ForeignKey(
        Order, on_delete=models.CASCADE, related_name="returns", db_constraint=False, db_index=False
    )
    return_number = models.CharField(max_length=100, blank=True, editable=False)
    status = models.CharField(max_length=20, choices=Status.choices, db_default=Status.REQUESTED)
    reason = models.CharField(max_length=50, choices=Reason.choices)
    note = models.TextField(null=True, blank=True, help_text="the buyer's own words")
    answer = models.TextField(null=True, blank=True, help_text="why it was refused, called off or not finished")
    refunds_shipping = models.BooleanField(
        db_default=False, help_text="staff give the shipping back although not all comes back"
    )
    currency = models.CharField(max_length=3)
    goods_amount = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    shipping_amount = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    refund_amount = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    receipt_id = models.UUIDField(null=True, blank=True, editable=False)

    requested_by = models.UUIDField(null=True, blank=True, help_text="the customer; empty for a guest")
    decided_by = models.UUIDField(null=True, blank=True, help_text="who approved, refused or called off")
    received_by = models.UUIDField(null=True, blank=True, help_text="who took the goods in")
    decided_at = models.DateTimeField(null=True, blank=True)
    received_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "order_returns"
        constraints = [
            models.UniqueConstraint(fields=["return_number"], name="order_returns_return_number_key"),
            models.UniqueConstraint(fields=["receipt_id"], name="one_return_a_receipt"),
            models.CheckConstraint(
                condition=Q(
                    status__in=["requested", "approved", "receiving", "received", "closed", "refused", "cancelled"]
                ),
                name="return_status_is_known",
            ),
            models.CheckConstraint(
                condition=Q(reason__in=["damaged", "wrong_item", "not_as_described", "no_longer_wanted", "other"]),
                name="return_reason_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["receiving", "received", "closed"])
                | Q(receipt_id__isnull=False, refund_amount__isnull=False),
                name="received_return_knows_its_refund",
            ),
            models.CheckConstraint(
                condition=Q(refund_amount__isnull=True, goods_amount__isnull=True, shipping_amount__isnull=True)
                | Q(
                    goods_amount__isnull=False,
                    goods_amount__gte=0,
                    shipping_amount__isnull=False,
                    shipping_amount__gte=0,
                    refund_amount__isnull=False,
                    refund_amount=F("goods_amount") + F("shipping_amount"),
                ),
                name="return_refunds_the_sum_of_its_parts",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["received", "closed"]) | Q(received_at__isnull=False),
                name="received_return_has_its_time",
            ),
            models.CheckConstraint(
                condition=Q(status="closed", closed_at__isnull=False)
                | (~Q(status="closed") & Q(closed_at__isnull=True)),
                name="closed_return_has_its_time",
            ),
            models.CheckConstraint(condition=~Q(status="refused") | Q(answer__isnull=False), name="refusal_says_why"),
            models.CheckConstraint(condition=Q(currency__regex=r"^[A-Z]{3}$"), name="return_currency_is_iso_4217"),
        ]
        indexes = [
            models.Index(fields=["order", "-created_at", "-id"], name="idx_order_returns_order"),
            models.Index(fields=["status", "created_at"], name="idx_order_returns_status"),
        ]

    def __str__(self) -> str:
        return self.return_number


class OrderReturnLine(Identified, Created):
    """
    Pieces of one line of the order that come back; `quantity` as asked, `received_quantity` as they arrived.

    `restocks` is whether they can be sold again: damaged goods cannot. `refund_amount` is the line's share of it all.
    """

    order_return = models.ForeignKey(
        OrderReturn,
        on_delete=models.CASCADE,
        related_name="lines",
        db_column="return_id",
        db_constraint=False,
        db_index=False,
    )
    line = models.ForeignKey(
        OrderLineItem, on_delete=models.CASCADE, related_name="returned", db_constraint=False, db_index=False
    )
    quantity = models.IntegerField()
    received_quantity = models.IntegerField(null=True, blank=True)
    restocks = models.BooleanField(db_default=True)
    refund_amount = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)

    class Meta:
        db_table = "order_return_lines"
        constraints = [
            models.UniqueConstraint(fields=["order_return", "line"], name="line_stands_once_in_a_return"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="return_line_quantity_is_positive"),
            models.CheckConstraint(
                condition=Q(received_quantity__isnull=True)
                | Q(received_quantity__gte=0, received_quantity__lte=F("quantity")),
                name="return_line_receives_what_was_asked",
            ),
            models.CheckConstraint(
                condition=Q(refund_amount__isnull=True) | Q(refund_amount__gte=0),
                name="return_line_refund_is_not_negative",
            ),
        ]
        indexes = [models.Index(fields=["line"], name="idx_order_return_lines_line")]

    def __str__(self) -> str:
        return f"{self.quantity} x {self.line.title}"

    @property
    def currency(self) -> str:
        """The ISO 4217 code of its return."""
        return self.order_return.currency
