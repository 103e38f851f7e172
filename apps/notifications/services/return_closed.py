"""The mail about a return that is complete: what its templates may name."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.conf import settings

from apps.notifications.contracts import ReturnedLine, SendReturnEmail

from .rendering import Rendered, Wording, render
from .spelling import spelled

CODE = "return_closed"

SAMPLE = SendReturnEmail(
    order_id=UUID(int=0),
    order_number="ORD-000042",
    return_id=UUID(int=0),
    return_number="RET-000007",
    email="ada@example.org",
    currency="USD",
    shipping=Decimal("4.90"),
    refund=Decimal("64.80"),
    lines=(
        ReturnedLine(
            title='Teapot "Earl & Grey" <large>', variant_title="Blue / 1.2 l", quantity=2, refund=Decimal("59.90")
        ),
        ReturnedLine(title="Lid", variant_title="", quantity=1, refund=Decimal("0.00")),
    ),
)
"""A return for trying templates on."""


def render_return(command: SendReturnEmail, wording: Wording) -> Rendered:
    """Render the mail about a return, with amounts spelled as the wording's language does; raises TemplateBroken."""
    return render(wording, values_of(command, language=wording.language))


def values_of(command: SendReturnEmail, *, language: str) -> dict[str, Any]:
    """Return what the templates may name: `shop`, `order`, `return` and `lines`. Raises TemplateBroken."""

    def money(amount: Decimal) -> str:
        return spelled(amount, command.currency, language)

    return {
        "shop": {"name": settings.SHOP_NAME},
        "order": {"number": command.order_number},
        "return": {
            "number": command.return_number,
            "currency": command.currency,
            "shipping": money(command.shipping),
            "has_shipping": command.shipping > 0,
            "refund": money(command.refund),
            "has_refund": command.refund > 0,
        },
        "lines": [
            {
                "title": line.title,
                "variant": line.variant_title,
                "quantity": line.quantity,
                "refund": money(line.refund),
            }
            for line in command.lines
        ],
    }
