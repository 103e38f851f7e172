"""
Rendering mails from templates that staff write: in a sandbox, with every value escaped in HTML.

A template sees the values it is given and nothing else: no files, no settings, no requests. A name that does not exist
is an error, not a blank.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NoReturn

from django.template import Context, Engine, Template, TemplateSyntaxError
from django.template.base import VariableDoesNotExist

from apps.core.exceptions import DomainError

LONGEST_SUBJECT = 255


class TemplateBroken(DomainError):
    """A mail template cannot be rendered; the message says which part and why."""

    code = "template_broken"
    status = 422


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """The three parts of a template, as they were written; `language` decides how money is spelled."""

    code: str
    language: str
    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A mail's words: a subject of one line, the same message as text and as HTML."""

    subject: str
    text: str
    html: str


class Strict(str):
    """What Django puts where a name does not exist: it asks for the text with the name in it, and gets an error."""

    def __mod__(self, name: Any) -> NoReturn:
        raise VariableDoesNotExist("there is no value called %s", (str(name),))


class MailEngine(Engine):
    """Django's engine without anything that reaches beyond the context."""

    default_builtins = ["apps.notifications.services.tags"]


ENGINE = MailEngine(loaders=[], string_if_invalid=Strict("%s"))


def render(wording: Wording, values: dict[str, Any]) -> Rendered:
    """
    Render a mail; text and subject are taken literally, in HTML every value is escaped.

    Args:
        wording: the template's parts.
        values: what the templates may name; strings, numbers, and lists and dicts of them.

    Raises:
        TemplateBroken: a part does not parse, or names what is not there; nothing is rendered.
    """
    subject = " ".join(_part(wording, "subject", values, escape=False).split())
    if not subject:
        raise TemplateBroken(f"The subject of {wording.code} ({wording.language}) is empty.", part="subject")
    return Rendered(
        subject=subject[:LONGEST_SUBJECT],
        text=_part(wording, "text", values, escape=False),
        html=_part(wording, "html", values, escape=True),
    )


@lru_cache(maxsize=256)
def _compiled(source: str) -> Template:
    """Return a template ready to render; parsing it costs more than rendering, and a batch shares its templates."""
    return ENGINE.from_string(source)


def _part(wording: Wording, name: str, values: dict[str, Any], *, escape: bool) -> str:
    """Render one part, or say what is wrong with it."""
    try:
        return _compiled(getattr(wording, name)).render(Context(values, autoescape=escape))
    except (TemplateSyntaxError, VariableDoesNotExist, TypeError, ValueError, ArithmeticError) as error:
        raise TemplateBroken(
            f"The {name} of {wording.code} ({wording.language}) cannot be rendered: {error}.", part=name
        ) from error
