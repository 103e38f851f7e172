import dataclasses

import pytest
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory

from apps.core.api.cursors import Cursor, later
from apps.core.api.pagination import NumberedPages, limit_of, numbered_page, page_of
from apps.core.exceptions import InvalidInput


class TestLimitOf:
    def test_is_twenty_by_default(self):
        assert limit_of({}) == 20

    @pytest.mark.parametrize("limit", ["1", "100", "007"])
    def test_takes(self, limit):
        assert limit_of({"limit": limit}) == int(limit)

    @pytest.mark.parametrize("limit", ["0", "101", "-1", "1.5", "", "ten", "\u0661", "9" * 5000])
    def test_refuses_by_name(self, limit):
        with pytest.raises(InvalidInput) as refusal:
            limit_of({"limit": limit})

        assert refusal.value.errors == {"limit": ["Give a number from 1 to 100."]}


class TestPageOf:
    def test_refuses_page_zero(self):
        with pytest.raises(InvalidInput) as refusal:
            page_of({"page": "0"})

        assert list(refusal.value.errors) == ["page"]


class TestLater:
    def test_starts_in_the_index_and_reads_each_direction(self):
        condition = later(["-created_at", "id"], ["noon", 7])

        assert str(condition) == "(AND: ('created_at__lte', 'noon'), (OR: ('created_at__lt', 'noon'), ('id__gt', 7)))"


class TestCursor:
    def test_says_nothing_a_reader_should_rely_on(self):
        assert Cursor(("a", 1)).encoded().isascii()
        assert "=" not in Cursor(("ab", 1)).encoded()


@dataclasses.dataclass
class Shelf:
    """As much of a query set as pages by number use."""

    items: list[int]

    def count(self) -> int:
        return len(self.items)

    def __getitem__(self, part: slice) -> list[int]:
        return self.items[part]


class TestNumberedPages:
    @pytest.mark.parametrize(
        ("page", "results", "more"), [(1, [0, 1], True), (2, [2, 3], True), (3, [4], False), (4, [], False)]
    )
    def test_holds_the_total_and_whether_another_page_follows(self, page, results, more):
        pages = NumberedPages()
        request = Request(APIRequestFactory().get("/", {"page": page, "limit": 2}))

        body = pages.get_paginated_response(pages.paginate_queryset(Shelf(list(range(5))), request)).data

        assert body == {"results": results, "total": 5, "page": page, "limit": 2, "has_next_page": more}

    def test_agrees_with_the_helper_for_lists_without_serializers(self):
        assert numbered_page([], total=40, page=2, limit=20)["has_next_page"] is False
