"""Pages by cursor over a real table."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.contenttypes.models import ContentType
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory

from apps.core.api.cursors import Cursor
from apps.core.api.pagination import CursorPages
from apps.core.exceptions import InvalidInput

pytestmark = pytest.mark.django_db(databases=["accounts"])


class View:
    # The first repeats, the second does not: each page ends inside a run of equal values.
    cursor_ordering = ("-app_label", "id")


@pytest.fixture
def names() -> list[str]:
    ContentType.objects.all().delete()
    rows = [ContentType(id=n, app_label="ab"[n % 2], model=f"thing{n}") for n in range(1, 8)]
    ContentType.objects.bulk_create(rows)
    return ["thing1", "thing3", "thing5", "thing7", "thing2", "thing4", "thing6"]


def page(query: str = "limit=3") -> tuple[list[str], str | None, str | None]:
    """Return the names on a page and the query strings of its neighbours."""
    pages = CursorPages()
    request = Request(APIRequestFactory().get(f"/things/?{query}"))
    rows = pages.paginate_queryset(ContentType.objects.all(), request, View())
    body = pages.get_paginated_response([row.model for row in rows]).data
    after, before = (urlsplit(address).query if address else None for address in (body["next"], body["previous"]))
    return body["results"], after, before


class TestCursorPages:
    def test_reads_forward_to_the_end(self, names):
        first, after, before = page()
        second, after_second, _ = page(after)
        third, end, _ = page(after_second)

        assert (first + second + third, before, end) == (names, None, None)

    def test_reads_backwards_to_the_beginning(self, names):
        _, after, _ = page()
        _, after_second, _ = page(after)
        third, _, before = page(after_second)
        second, _, before_second = page(before)
        first, forward, beginning = page(before_second)

        assert (first + second + third, beginning) == (names, None)
        assert page(forward)[0] == second

    def test_neither_repeats_nor_hides_a_row_when_others_come_and_go(self, names):
        first, after, _ = page()
        ContentType.objects.create(id=99, app_label="z", model="newcomer")
        ContentType.objects.get(model=first[-1]).delete()

        assert page(after)[0] == names[3:6]

    def test_leads_back_when_nothing_is_left(self, names):
        _, after, _ = page()
        ContentType.objects.all().delete()

        assert page(after) == ([], None, "limit=3")

    def test_is_one_page_when_everything_fits(self, names):
        assert page("limit=7") == (names, None, None)

    @pytest.mark.parametrize(
        "cursor",
        ["x", "%00", "e30", "W10", "bnVsbA", "WzFd", Cursor(("b",)).encoded(), Cursor(("b", "seven")).encoded()],
    )
    def test_refuses_what_no_page_gave(self, names, cursor):
        with pytest.raises(InvalidInput) as refusal:
            page(f"cursor={cursor}")

        assert list(refusal.value.errors) == ["cursor"]

    def test_keeps_the_other_parameters(self, names):
        _, after, _ = page("limit=3&search=tea%20pot")

        assert parse_qs(after)["search"] == ["tea pot"]
