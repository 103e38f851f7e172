"""What people type becomes plain text."""

import html
import json
import re

import nh3
import pytest

from apps.catalog.services.reviews.text import plain_line, plain_text
from apps.core.exceptions import InvalidInput
from apps.core.testing.shared import shared

TAG = re.compile(r"<[a-z!/?]", re.IGNORECASE)


def plain(text):
    return plain_text(text, field="content")


def assert_is_plain(text):
    """No browser finds markup in it, even when it is unescaped again and again."""
    for _ in range(3):
        assert not TAG.search(text), text
        assert html.unescape(nh3.clean(text, tags=set())) == text
        text = html.unescape(text)


class TestPlainText:
    @pytest.mark.parametrize("text", ["I <3 it", "size < 40", "Tom & Co", "5 > 4", 'so "good"', "one\n\ntwo", "été 👕"])
    def test_leaves_alone_what_is_no_markup(self, text):
        assert plain(text) == text

    @pytest.mark.parametrize(
        ("typed", "left"),
        [
            ("<b>Good</b> shirt", "Good shirt"),
            ("<script>alert(1)</script>Good", "Good"),
            ("&lt;img src=x onerror=alert(1)&gt;Good", "Good"),
            ("&amp;lt;script&amp;gt;x&amp;lt;/script&amp;gt;Good", "Good"),
            ("<<b>script>alert(1)<</b>/script>", None),
            ("  \r\n Good\r\nshirt \x07\u202e ", "Good\nshirt"),
            ("<p></p>", None),
            ("", None),
        ],
    )
    def test_takes_markup_out(self, typed, left):
        assert plain(typed) == left

    def test_ends_with_text_that_is_escaped_deeper_than_anybody_means(self):
        text = "<script>x</script>"
        for _ in range(40):
            text = html.escape(text)

        assert "<" not in plain(text)

    @pytest.mark.parametrize("text", ["a\0b", "half \ud83d of it"])
    def test_refuses_what_cannot_be_stored(self, text):
        with pytest.raises(InvalidInput) as refused:
            plain(text)

        assert list(refused.value.errors) == ["content"]

    def test_makes_a_line_of_several(self):
        assert plain_line(" Good\n\n  shirt ", field="title") == "Good shirt"

    def test_leaves_nothing_of_payloads(self):
        for case in json.loads(shared("conformance/html/dompurify_cases.json").read_text(encoding="utf-8")):
            text = plain(case["payload"]) or ""
            assert_is_plain(text)
            assert plain(text) == (text or None)

    def test_bears_naughty_strings(self):
        for text in json.loads(shared("conformance/fuzz/blns.json").read_text(encoding="utf-8")):
            left = plain(text) or ""
            assert_is_plain(left)
            assert plain(left) == (left or None)
