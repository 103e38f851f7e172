"""
The tags and filters that mail templates may use: those that cannot reach beyond the values they are given.

Left out on purpose: what reads other templates, settings or addresses (include, extends, load, debug, url), what turns
escaping off (safe, autoescape), and what makes long strings out of short ones (ljust, center).
"""

from typing import Any

from django.template import Library, defaultfilters, defaulttags
from django.template.base import Parser, Token

TAGS = ("comment", "cycle", "firstof", "if", "ifchanged", "spaceless", "templatetag", "verbatim", "with")
FILTERS = (
    "add",
    "capfirst",
    "date",
    "default",
    "default_if_none",
    "divisibleby",
    "first",
    "floatformat",
    "force_escape",
    "join",
    "last",
    "length",
    "linebreaks",
    "linebreaksbr",
    "lower",
    "pluralize",
    "striptags",
    "title",
    "truncatechars",
    "truncatewords",
    "upper",
    "urlencode",
    "yesno",
)

register = Library()


class StrictForNode(defaulttags.ForNode):
    """Django's `for`, but a list that does not exist is an error and not an empty one."""

    sequence: Any

    def render(self, context: Any) -> Any:
        self.sequence.resolve(context)
        return super().render(context)


@register.tag("for")
def _strict_for(parser: Parser, token: Token) -> StrictForNode:
    """Compile a `for` as Django does."""
    node = defaulttags.do_for(parser, token)
    return StrictForNode(node.loopvars, node.sequence, node.is_reversed, node.nodelist_loop, node.nodelist_empty)


register.tags.update({name: defaulttags.register.tags[name] for name in TAGS})
register.filters.update({name: defaultfilters.register.filters[name] for name in FILTERS})
