"""Pictures of products in the back office."""

from collections.abc import Sequence
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

Image = dict[str, Any]
"""`url`, and `alt` where somebody wrote it."""


def is_ours(image: Image) -> bool:
    """Tell whether the shop itself serves a picture: a clerk's browser asks nobody else for one."""
    url = str(image.get("url", ""))
    return url.startswith("/") and not url.startswith("//")


def pictured(name: str, images: Sequence[Image]) -> SafeString:
    """Return a name beside the first picture of ours; the name alone where there is none."""
    ours = [image for image in images if is_ours(image)]
    if not ours:
        return format_html('<span class="office-pictured"><span></span>{}</span>', name)
    return format_html(
        '<span class="office-pictured"><img src="{}" alt="" width="32" height="32" loading="lazy">{}</span>',
        ours[0]["url"],
        name,
    )


def thumbnails(images: Sequence[Image]) -> SafeString:
    """Return every picture of ours, and the addresses of the others."""
    ours = [(image["url"], image.get("alt") or "", image.get("alt") or "") for image in images if is_ours(image)]
    others = [(image["url"],) for image in images if image.get("url") and not is_ours(image)]
    return format_html(
        '<div class="office-wide office-pictures">{}{}</div>',
        format_html_join("", '<img src="{}" alt="{}" title="{}" width="96" height="96">', ours),
        format_html_join("", "<div>{}</div>", others),
    )
