"""Descriptions as merchants write them, made safe to show."""

import re

import nh3

SCHEMES = {"http", "https", "mailto", "tel"}
# Blanks and controls before a scheme make it no scheme to the parser, and a scheme again to some browser.
SOUNDS_LIKE_A_SCHEME = re.compile(r"^[^/?#]*:")


def own_page(url: str) -> str | None:
    """Keep an address within the shop; one that only looks like it goes."""
    return None if SOUNDS_LIKE_A_SCHEME.match(url) else url


CLEANER = nh3.Cleaner(url_schemes=SCHEMES, url_relative=own_page)


def safe_html(text: str) -> str | None:
    """Return HTML without scripts, handlers, styles and frames; None when nothing is left of it. Idempotent."""
    return CLEANER.clean(text).strip() or None
