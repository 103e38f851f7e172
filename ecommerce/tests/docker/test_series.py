import pytest
from django.test import Client

from ecommerce.settings.databases import ALIASES

from .series import asked, mistakes, told

KNOWN = {"up": frozenset[str](), "lag": frozenset({"lane"}), "rings_total": frozenset({"lane", "result"})}


class TestQueries:
    @pytest.mark.parametrize(
        ("query", "series", "grouping"),
        [
            ("max by (lane) (lag) > 60", [("lag", set())], {"lane"}),
            ('sum(rate(rings_total{result="failed"}[5m])) * 60', [("rings_total", {"result"})], set()),
            (
                "sum(increase(rings_total[15m])) by (result, lane) or vector(0)",
                [("rings_total", set())],
                {"result", "lane"},
            ),
            ("abs(lag - timestamp(lag)) > 5", [("lag", set()), ("lag", set())], set()),
            ('label_replace(absent(up{process="x"} == 1), "a", "b", "", "")', [("up", {"process"})], set()),
        ],
    )
    def test_are_read(self, query, series, grouping):
        found = asked(query)

        assert (found.series, found.grouping) == (series, grouping)

    @pytest.mark.parametrize(
        ("query", "mistake"),
        [
            ("max(lagg)", "no series lagg"),
            ('rings_total{lane="a", outcome=~"b.*"}', "rings_total has no label outcome"),
            ("sum by (line) (lag)", "nothing here has the label line"),
        ],
    )
    def test_that_ask_for_what_nobody_tells_are_found_out(self, query, mistake):
        assert mistakes(query, KNOWN) == [mistake]


@pytest.mark.django_db(databases=ALIASES)
class TestTold:
    def test_are_the_series_of_the_page(self, client: Client):
        page = client.get("/metrics").content.decode()
        kinds = dict(line.split()[2:4] for line in page.splitlines() if line.startswith("# TYPE"))

        ours = {name for name in told() if name.startswith(("database_", "saga_", "outbox_", "body_cache_"))}
        families = {name for name, kind in kinds.items() if kind in ("gauge", "counter")} | {
            f"{name}{suffix}"
            for name, kind in kinds.items()
            if kind == "histogram"
            for suffix in ("_bucket", "_sum", "_count")
        }
        assert ours - families == set()
        assert {"saga_oldest_due_seconds", "database_query_duration_seconds_bucket", "outbox_lag_seconds"} <= ours
