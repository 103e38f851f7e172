"""Grafana's dashboards: they ask for series that exist, by the data source that is provisioned."""

import json
from typing import Any

import pytest
import yaml

from .files import FOLDER, services
from .series import OTHERS, mistakes, told
from .test_alerts import needs_promtool, promtool

GRAFANA = FOLDER / "grafana"
DASHBOARDS: dict[str, dict[str, Any]] = {
    path.stem: json.loads(path.read_text()) for path in sorted((GRAFANA / "dashboards").glob("*.json"))
}
PANELS = [(name, panel) for name, board in DASHBOARDS.items() for panel in board["panels"]]
QUERIES = [(name, panel["title"], target["expr"]) for name, panel in PANELS for target in panel["targets"]]


class TestDashboards:
    def test_are_these(self):
        assert set(DASHBOARDS) == {"sagas", "orders", "databases", "web"}
        assert {board["uid"] for board in DASHBOARDS.values()} == set(DASHBOARDS)

    @pytest.mark.parametrize(("name", "title", "query"), QUERIES)
    def test_ask_for_series_that_are_told(self, name, title, query):
        assert mistakes(query, told() | OTHERS) == []

    @needs_promtool
    def test_ask_in_a_language_that_prometheus_understands(self, tmp_path):
        rules = [{"record": f"query:{number}", "expr": query} for number, (_, _, query) in enumerate(QUERIES)]
        (tmp_path / "rules.yml").write_text(yaml.safe_dump({"groups": [{"name": "queries", "rules": rules}]}))

        outcome = promtool("check", "rules", tmp_path / "rules.yml")

        assert f"{len(QUERIES)} rules found" in outcome.stdout, outcome.stderr
        assert outcome.returncode == 0

    def test_use_the_data_source_that_is_provisioned(self):
        (source,) = yaml.safe_load((GRAFANA / "provisioning/datasources/prometheus.yml").read_text())["datasources"]

        assert source["url"] == "http://prometheus:9090"
        assert {panel["datasource"]["uid"] for _, panel in PANELS} == {source["uid"]}

    def test_stand_where_grafana_looks(self):
        (provider,) = yaml.safe_load((GRAFANA / "provisioning/dashboards/commerce.yml").read_text())["providers"]
        grafana = services()["grafana"]

        assert f"./grafana/dashboards:{provider['options']['path']}:ro" in grafana["volumes"]
        home = grafana["environment"]["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"]
        assert home == f"{provider['options']['path']}/sagas.json"

    @pytest.mark.parametrize("name", DASHBOARDS)
    def test_have_panels_that_do_not_cover_each_other(self, name):
        cells = [
            (x, y)
            for panel in DASHBOARDS[name]["panels"]
            for x in range(panel["gridPos"]["x"], panel["gridPos"]["x"] + panel["gridPos"]["w"])
            for y in range(panel["gridPos"]["y"], panel["gridPos"]["y"] + panel["gridPos"]["h"])
        ]

        assert len(cells) == len(set(cells))
        assert max(x for x, _ in cells) < 24
        ids = [panel["id"] for panel in DASHBOARDS[name]["panels"]]
        assert len(ids) == len(set(ids))
