"""Which words a mail gets: the template in the database, or else the file it came from."""

from pathlib import Path

from django.conf import settings

from apps.notifications.models import Template

from .rendering import Wording

DEFAULTS = Path(__file__).resolve().parent.parent / "defaults"
FALLBACK_LANGUAGE = "en"


def default_wording(code: str, language: str = FALLBACK_LANGUAGE) -> Wording:
    """Return the words that come with the program; raises FileNotFoundError where there are none."""
    folder = DEFAULTS / code / language
    return Wording(
        code=code,
        language=language,
        subject=(folder / "subject.txt").read_text(encoding="utf-8").strip(),
        text=(folder / "text.txt").read_text(encoding="utf-8"),
        html=(folder / "html.html").read_text(encoding="utf-8"),
    )


def get_wording(*, code: str) -> Wording:
    """
    Return the words of a kind of mail in the shop's language, in one statement.

    The nearest template wins: `pt-br`, then `pt`, then English; where none is left, the words that come with the
    program, so that a template deleted by mistake stops no mail.
    """
    language = settings.MAIL_LANGUAGE.lower()
    wanted = [language, language.split("-")[0], FALLBACK_LANGUAGE]
    found = {
        template.language: template
        for template in Template.objects.using("notifications").filter(code=code, language__in=wanted)
    }
    for candidate in wanted:
        if candidate in found:
            return wording_of(found[candidate])
    return default_wording(code)


def wording_of(template: Template) -> Wording:
    """Return the words of a template."""
    return Wording(
        code=template.code,
        language=template.language,
        subject=template.subject,
        text=template.text,
        html=template.html,
    )
