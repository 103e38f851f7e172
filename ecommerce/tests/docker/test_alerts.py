"""Alert rules: they hold by promtool, ask for series that exist, and each has a test and a page in the runbook."""

import re
import shutil
import subprocess
from argparse import ArgumentParser, _SubParsersAction
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.core.management import get_commands, load_command_class

from .files import FOLDER, services
from .series import OTHERS, mistakes, told

PROMETHEUS = FOLDER / "prometheus"
RUNBOOKS = settings.BASE_DIR / "docs" / "runbooks.md"
RULES = sorted((PROMETHEUS / "rules").glob("*.yml"))
TESTS = sorted((PROMETHEUS / "tests").glob("*.yml"))
PROMTOOL = shutil.which("promtool")
needs_promtool = pytest.mark.skipif(not PROMTOOL, reason="needs promtool: apt-get install prometheus")


def alerts() -> dict[str, dict[str, Any]]:
    """Return every rule by its name."""
    return {
        rule["alert"]: rule
        for path in RULES
        for group in yaml.safe_load(path.read_text())["groups"]
        for rule in group["rules"]
    }


def promtool(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    assert PROMTOOL
    return subprocess.run([PROMTOOL, *map(str, arguments)], capture_output=True, text=True, check=False)


@needs_promtool
class TestPromtool:
    def test_accepts_the_rules(self):
        outcome = promtool("check", "rules", *RULES)

        assert (outcome.returncode, outcome.stderr) == (0, "")

    def test_finds_that_each_rings_when_it_should_and_not_before(self):
        outcome = promtool("test", "rules", *TESTS)

        assert outcome.returncode == 0, outcome.stdout + outcome.stderr

    def test_accepts_the_configuration(self, tmp_path):
        shutil.copytree(PROMETHEUS, tmp_path / "prometheus")
        configuration = tmp_path / "prometheus" / "prometheus.yml"
        (tmp_path / "token").touch()
        text = configuration.read_text().replace("/run/secrets/metrics_token", str(tmp_path / "token"))
        configuration.write_text(text)

        outcome = promtool("check", "config", configuration)

        assert outcome.returncode == 0, outcome.stdout + outcome.stderr

    def test_would_find_a_rule_that_does_not_ring(self, tmp_path):
        shutil.copytree(PROMETHEUS, tmp_path / "prometheus")
        rules = tmp_path / "prometheus" / "rules" / "sagas.yml"
        rules.write_text(rules.read_text().replace("(saga_oldest_due_seconds) > 60", "(saga_oldest_due_seconds) > 600"))

        outcome = promtool("test", "rules", tmp_path / "prometheus" / "tests" / "sagas.yml")

        assert outcome.returncode != 0
        assert "SagaLaneWaits" in outcome.stdout + outcome.stderr


class TestAlerts:
    @pytest.mark.parametrize("name", sorted(alerts()))
    def test_ask_for_series_that_the_shop_tells(self, name):
        assert mistakes(alerts()[name]["expr"], told() | OTHERS) == []

    @pytest.mark.parametrize("name", sorted(alerts()))
    def test_say_how_bad_it_is_and_where_to_read_on(self, name):
        rule = alerts()[name]

        assert rule["labels"]["severity"] in ("page", "ticket")
        assert rule["annotations"]["summary"]
        assert rule["annotations"]["runbook"] == f"docs/runbooks.md#{name.lower()}"

    def test_each_have_a_test_in_which_they_ring(self):
        ringing = {
            expected["alertname"]
            for path in TESTS
            for test in yaml.safe_load(path.read_text())["tests"]
            for expected in test["alert_rule_test"]
            if expected["exp_alerts"]
        }

        assert ringing == set(alerts())


class TestRunbooks:
    def test_have_a_section_for_each_alert_and_for_nothing_else(self):
        sections = re.findall(r"^## (\w+)$", RUNBOOKS.read_text(), re.MULTILINE)

        assert sorted(sections) == sorted(alerts())

    @pytest.mark.parametrize("name", sorted(alerts()))
    def test_say_what_it_means_what_to_look_at_and_what_to_do(self, name):
        section = RUNBOOKS.read_text().split(f"\n## {name}\n")[1].split("\n## ")[0]

        assert [word for word in ("**Means.**", "**Look.**", "**Do.**") if word not in section] == []

    def test_name_commands_that_exist(self):
        named = set(re.findall(r"manage\.py (\w+)", RUNBOOKS.read_text()))

        assert "saga" in named
        assert named - set(get_commands()) == set()

    def test_name_verbs_of_saga_that_exist(self):
        parser = load_command_class("apps.sagas", "saga").create_parser("manage.py", "saga")
        commands = set(re.findall(r"manage\.py saga ([\w \-]+)", RUNBOOKS.read_text()))

        assert commands
        for command in commands:
            verb, *rest = command.split()
            options = [word for word in rest if word.startswith("--")]
            helped = parser.format_help() if not rest else help_of(parser, verb)
            assert verb in parser.format_help()
            assert [option for option in options if option not in helped] == []

    def test_name_services_that_exist(self):
        named = set(re.findall(r"`compose (?:logs|restart|ps)(?: --\w+(?: \d+m?)?)* ([\w-]+)`", RUNBOOKS.read_text()))
        named |= set(re.findall(r"--scale ([\w-]+)=", RUNBOOKS.read_text()))

        assert {"web", "worker-payments", "worker-without-broker"} <= named
        assert named - set(services()) == set()

    def test_name_settings_that_exist(self):
        settings_folder = settings.BASE_DIR / "ecommerce" / "settings"
        known = (
            "".join(path.read_text() for path in settings_folder.glob("*.py")) + (FOLDER / "compose.yml").read_text()
        )
        named = set(re.findall(r"`([A-Z]+_[A-Z_]+)`", RUNBOOKS.read_text()))

        assert {"SAGA_BATCH", "WEB_THREADS"} <= named
        assert [name for name in sorted(named) if name not in known] == []


def help_of(parser: ArgumentParser, verb: str) -> str:
    """Return the help of one verb of a command."""
    (verbs,) = [action for action in parser._actions if isinstance(action, _SubParsersAction)]
    return str(verbs.choices[verb].format_help())
