"""The order confirmation: what its templates may name."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.conf import settings

from apps.notifications.contracts import ConfirmedLine, SendConfirmationEmail

from .rendering import Rendered, Wording, render
from .spelling import spelled

CODE = "order_confirmation"

SAMPLE = SendConfirmationEmail(
    order_id=UUID(int=0),
    order_number="ORD-000042",
    email="ada@example.org",
    currency="USD",
    subtotal_price=Decimal("1259.80"),
    shipping_price=Decimal("4.90"),
    total_tax=Decimal("0.00"),
    total_discounts=Decimal("10.00"),
    total_price=Decimal("1254.70"),
    lines=(
        ConfirmedLine(
            title='Teapot "Earl & Grey" <large>',
            variant_title="Blue / 1.2 l",
            quantity=2,
            unit_price=Decimal("29.90"),
            total=Decimal("59.80"),
        ),
        ConfirmedLine(
            title="Samovar", variant_title="", quantity=1, unit_price=Decimal("1200.00"), total=Decimal("1200.00")
        ),
    ),
)
"""An order for trying templates on."""


def render_order(command: SendConfirmationEmail, wording: Wording) -> Rendered:
    """Render the confirmation of an order, with amounts spelled as the wording's language does; TemplateBroken."""
    return render(wording, values_of(command, language=wording.language))


def values_of(command: SendConfirmationEmail, *, language: str) -> dict[str, Any]:
    """
    Return what the templates may name: `shop.name`, `order.*` and `lines`.

    Amounts are spelled as the language does, with their currency: $1,254.70. Raises TemplateBroken where there is no
    such language.
    """

    def money(amount: Decimal) -> str:
        return spelled(amount, command.currency, language)

    return {
        "shop": {"name": settings.SHOP_NAME},
        "order": {
            "number": command.order_number,
            "currency": command.currency,
            "subtotal": money(command.subtotal_price),
            "shipping": money(command.shipping_price),
            "tax": money(command.total_tax),
            "discounts": money(command.total_discounts),
            "has_discounts": command.total_discounts > 0,
            "total": money(command.total_price),
        },
        "lines": [
            {
                "title": line.title,
                "variant": line.variant_title or "",
                "quantity": line.quantity,
                "unit_price": money(line.unit_price),
                "total": money(line.total),
            }
            for line in command.lines
        ],
    }
