from django.db import models
from django.db.models import Q

from apps.core.models import Identified, Timestamped


class PaymentMethod(Identified, Timestamped):
    """
    A way to pay that a customer saved: the gateway's token and what may be shown of the card, never its number.

    Declared, not used yet: checkout takes a token, and keeps none.
    """

    user_id = models.UUIDField()
    gateway = models.CharField(max_length=30)
    token = models.CharField(max_length=255)
    brand = models.CharField(max_length=30)
    last4 = models.CharField(max_length=4)
    exp_month = models.SmallIntegerField()
    exp_year = models.SmallIntegerField()
    is_default = models.BooleanField(default=False, db_default=False)

    class Meta:
        db_table = "payment_methods"
        constraints = [
            models.UniqueConstraint(fields=["gateway", "token"], name="one_owner_a_payment_method"),
            models.UniqueConstraint(
                fields=["user_id"], condition=Q(is_default=True), name="one_default_payment_method_a_user"
            ),
            models.CheckConstraint(condition=Q(last4__regex=r"^[0-9]{4}$"), name="payment_method_last4_is_four_digits"),
            models.CheckConstraint(
                condition=Q(exp_month__range=(1, 12), exp_year__range=(2000, 2100)),
                name="payment_method_expires_in_a_month",
            ),
        ]
        indexes = [models.Index(fields=["user_id"], name="idx_payment_methods_user_id")]

    def __str__(self) -> str:
        return f"{self.brand} {self.last4}"
