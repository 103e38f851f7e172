"""How each kind of mail comes out, for those who write its words."""

from collections.abc import Callable

from . import order_confirmation, password_reset, return_closed
from .rendering import Rendered, Wording

RENDERERS: dict[str, Callable[[Wording], Rendered]] = {
    order_confirmation.CODE: lambda wording: order_confirmation.render_order(order_confirmation.SAMPLE, wording),
    password_reset.CODE: password_reset.render_sample,
    return_closed.CODE: lambda wording: return_closed.render_return(return_closed.SAMPLE, wording),
}


def render_sample(wording: Wording) -> Rendered:
    """
    Render a template with made-up values.

    Raises:
        TemplateBroken: a part does not parse, or names what its kind of mail does not know.
    """
    return RENDERERS[wording.code](wording)
