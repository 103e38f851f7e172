import io
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from django.utils.translation import gettext_lazy
from rest_framework.exceptions import ParseError

from apps.core.api.json import JSONParser, JSONRenderer
from apps.core.json import dumps
from apps.core.testing.shared import shared

# Readers may take or refuse the cases named i_*; PostgreSQL and every browser hold what we take.
TAKEN = {
    "i_number_double_huge_neg_exp.json",
    "i_number_real_underflow.json",
    "i_number_too_big_neg_int.json",
    "i_number_too_big_pos_int.json",
    "i_number_very_big_negative_int.json",
    "i_structure_500_nested_arrays.json",
}


def parse(content: bytes) -> object:
    return JSONParser().parse(io.BytesIO(content))


class TestDumps:
    def test_writes_what_the_api_speaks_of(self):
        data = {
            "price": Decimal("12.50"),
            "at": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
            "id": UUID(int=1),
            "text": gettext_lazy("Products"),
            "tags": {"b", "a"},
            1: None,
        }

        assert dumps(data) == (
            b'{"price":"12.50","at":"2026-01-02T03:04:05Z","id":"00000000-0000-0000-0000-000000000001",'
            b'"text":"Products","tags":["a","b"],"1":null}'
        )

    def test_refuses_what_has_no_json_form(self):
        with pytest.raises(TypeError):
            dumps(object())


class TestJSONRenderer:
    def test_writes_nothing_for_no_content(self):
        assert JSONRenderer().render(None) == b""


class TestJSONParser:
    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"{",
            b"NaN",
            b"[Infinity]",
            b"1e400",
            rb'"\ud800"',
            b"\xef\xbb\xbf{}",
            b'"\xff"',
            b"[" * 2000 + b"]" * 2000,
        ],
    )
    def test_refuses_what_is_not_json(self, content):
        with pytest.raises(ParseError):
            parse(content)

    @pytest.mark.parametrize("content", [rb'{"a": ["\u0000"]}', rb'{"\u0000": 1}', rb'"\\\u0000"'])
    def test_refuses_the_character_that_no_database_holds(self, content):
        with pytest.raises(ParseError):
            parse(content)

    def test_takes_a_backslash_before_u0000(self):
        assert parse(rb'"\\u0000"') == r"\u0000"

    def test_passes_the_suite_of_json_files(self):
        taken = set()
        for file in sorted(shared("conformance/json_parsing").glob("*.json")):
            content = file.read_bytes()
            if rb"\u0000" in content:
                continue
            try:
                parse(content)
            except ParseError:
                assert not file.name.startswith("y_"), file.name
            else:
                taken.add(file.name)

        assert not [name for name in taken if name.startswith("n_")]
        assert {name for name in taken if name.startswith("i_")} == TAKEN
