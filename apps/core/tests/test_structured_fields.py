import json
import re

import pytest

from apps.core.api.structured_fields import NotAString, text_of
from apps.core.testing.shared import shared

# What we read beyond the RFC: a bare value, where the RFC wants quotes.
BARE = re.compile(r'[^" ,;\\]+')


class TestTextOf:
    @pytest.mark.parametrize(
        ("header", "text"),
        [
            ('"8e03978e"', "8e03978e"),
            ("8e03978e", "8e03978e"),
            (' "a b" ', "a b"),
            (r'"a \"b\" \\"', r'a "b" \ '.strip()),
            ('"key";kept=60', "key"),
            ('""', ""),
        ],
    )
    def test_reads(self, header, text):
        assert text_of(header) == text

    @pytest.mark.parametrize("header", ["", " ", '"open', "a b", '"a","b"', "a,b", r'"\n"', '"ä"', "a;b=1", '"a" x'])
    def test_refuses(self, header):
        with pytest.raises(NotAString):
            text_of(header)

    @pytest.mark.parametrize("file", ["string", "item", "token"])
    def test_agrees_with_the_suite_of_the_working_group(self, file):
        cases = json.loads(shared(f"conformance/structured-fields/{file}.json").read_text())

        for case in cases:
            header = ", ".join(case["raw"])
            if case["header_type"] != "item" or BARE.fullmatch(header.strip(" ")):
                continue
            expected = case.get("expected", [None])[0]
            if case.get("must_fail") or not isinstance(expected, str):
                with pytest.raises(NotAString):
                    text_of(header)
            elif not case.get("can_fail"):
                assert text_of(header) == expected, case["name"]
