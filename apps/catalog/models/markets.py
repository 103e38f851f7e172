"""Where the shop sells, and what things cost there."""

from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from apps.core.models import Identified, Timestamped

from .variants import ProductVariant


class Market(Identified, Timestamped):
    """Countries that see the same prices, in `currency` (ISO 4217); `countries` are ISO 3166 codes of two letters."""

    code = models.CharField(
        max_length=50,
        help_text="what addresses name it by: eu",
        validators=[RegexValidator(r"^[a-z0-9-]+$", "Give small letters, digits and hyphens.")],
    )
    name = models.CharField(max_length=255)
    currency = models.CharField(max_length=3, validators=[RegexValidator(r"^[A-Z]{3}$", "Give a code such as EUR.")])
    countries = ArrayField(
        models.CharField(max_length=2, validators=[RegexValidator(r"^[A-Z]{2}$", "Give codes such as PT.")]),
        default=list,
        db_default=[],
        blank=True,
        help_text="codes of two letters, parted by commas",
    )
    is_active = models.BooleanField(default=True, db_default=True)

    class Meta:
        db_table = "markets"
        ordering = ["code"]
        constraints = [models.UniqueConstraint(fields=["code"], name="markets_code_key")]

    def __str__(self) -> str:
        return f"{self.name} ({self.currency})"


class MarketPrice(Timestamped):
    """What a variant costs in a market, in the market's currency; `compare_price` is the former, higher one."""

    pk = models.CompositePrimaryKey("market_id", "variant_id")
    market = models.ForeignKey(
        Market, on_delete=models.DO_NOTHING, related_name="prices", db_constraint=False, db_index=False
    )
    variant = models.ForeignKey(
        ProductVariant, on_delete=models.DO_NOTHING, related_name="market_prices", db_constraint=False, db_index=False
    )
    price = models.DecimalField(max_digits=12, decimal_places=3)
    compare_price = models.DecimalField(max_digits=12, decimal_places=3, null=True, blank=True)

    class Meta:
        db_table = "market_prices"
        constraints = [
            models.CheckConstraint(
                condition=Q(price__gte=0) & (Q(compare_price__isnull=True) | Q(compare_price__gte=0)),
                name="market_prices_are_not_negative",
            )
        ]
        indexes = [models.Index(fields=["variant"], name="idx_market_prices_variant")]

    def __str__(self) -> str:
        return f"{self.price} in {self.market_id}"
