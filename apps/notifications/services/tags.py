"""
The tags and filters that mail templates may use: those that cannot reach beyond the values they are given.

Left out on purpose: what reads other templates, settings or addresses (include, extends, load, debug, url), what turns
escaping off (safe, autoescape), and what makes long strings out of short ones (ljust, center).
"""

from django.template import Library, defaultfilters, defaulttags

TAGS = ("comment", "cycle", "firstof", "for", "if", "ifchanged", "spaceless", "templatetag", "verbatim", "with")
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
register.tags.update({name: defaulttags.register.tags[name] for name in TAGS})
register.filters.update({name: defaultfilters.register.filters[name] for name in FILTERS})
