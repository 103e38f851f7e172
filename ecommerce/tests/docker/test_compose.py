"""The compose file fits the program: its variables, commands, ports and networks."""

import re
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

import click
import pytest
from celery.bin.beat import beat
from celery.bin.worker import worker
from django.conf import settings
from django.core.management import get_commands
from granian.cli import cli as granian

from apps.core.services.addresses import database_variable
from ecommerce.settings.databases import ALIASES
from ecommerce.settings.safety import dangers
from ecommerce.urls import urlpatterns

from .files import FOLDER, command_of, compose, image_command, image_environment, ours, scrapes, services, variables

TEXT = (FOLDER / "compose.yml").read_text()
SECRET = re.compile(r"PASSWORD|SECRET|TOKEN|_KEY")
# Read by the Python that runs, by the web server, and by prometheus_client.
ELSEWHERE = {
    "DJANGO_SETTINGS_MODULE",
    "PATH",
    "PYTHONUNBUFFERED",
    "PYTHONDONTWRITEBYTECODE",
    "PROMETHEUS_MULTIPROC_DIR",
}


def read_by_settings() -> set[str]:
    sources = [path.read_text() for path in (settings.BASE_DIR / "ecommerce" / "settings").glob("*.py")]
    named = {name for source in sources for name in re.findall(r'env(?:\.\w+)?\(\s*"(\w+)"', source)}
    return named | {database_variable(alias) for alias in ALIASES}


def read_by_granian() -> set[str]:
    return {f"GRANIAN_{parameter.name.upper()}" for parameter in granian.params if parameter.name}


def options_known_to(command: click.Command, arguments: list[str]) -> None:
    """Raise NoSuchOption for an option the command does not have."""
    command.make_parser(click.Context(command)).parse_args(list(arguments))


class TestEnvironment:
    @pytest.mark.parametrize("name", sorted(ours()))
    def test_names_only_variables_that_the_program_reads(self, name):
        given = set(ours()[name].get("environment", {}))

        assert given - read_by_settings() - read_by_granian() == set()

    def test_of_the_image_does_too(self):
        assert set(image_environment()) - read_by_settings() - read_by_granian() - ELSEWHERE == set()

    @pytest.mark.parametrize("alias", ALIASES)
    def test_gives_every_database_to_its_own_role_through_pgbouncer(self, alias):
        password = f"${{{alias.upper()}_DATABASE_PASSWORD:?}}"

        for name in ("web", "worker-orders", "beat"):
            url = ours()[name]["environment"][database_variable(alias)]
            assert url == f"postgresql://{alias}:{password}@pgbouncer:6432/{alias}"

    def test_gives_a_participant_apart_its_own_database_alone(self):
        environment = ours()["participant-catalog"]["environment"]

        assert environment["DATABASES_HERE"] == "catalog"
        assert {name for name in environment if name.endswith("_DATABASE_URL")} == {"CATALOG_DATABASE_URL"}

    def test_sends_migrations_past_pgbouncer(self):
        environment = ours()["migrate"]["environment"]

        assert {environment[database_variable(alias)].rpartition("@")[2] for alias in ALIASES} == {
            f"{alias}-db:5432/{alias}" for alias in ALIASES
        }

    def test_has_no_default_for_a_secret(self):
        defaults = {name for name, kind in variables(TEXT).items() if SECRET.search(name) and kind != ":?"}

        # Unset, the secret key signs tokens too.
        assert defaults == {"JWT_SIGNING_KEY"}

    def test_is_explained(self):
        explained = (settings.BASE_DIR / "docs" / "deployment.md").read_text()

        assert [name for name in sorted(variables(TEXT)) if f"`{name}`" not in explained] == []

    def test_writes_no_secret_down(self):
        written = {
            (name, key)
            for name, service in services().items()
            for key, value in service.get("environment", {}).items()
            if SECRET.search(key) and not str(value).startswith("${")
        }

        assert written == set()


class TestDrawnSecrets:
    @pytest.fixture
    def drawn(self) -> dict[str, str]:
        return draw()

    def test_are_all_that_is_required(self, drawn):
        required = {name for name, kind in variables(TEXT).items() if kind == ":?"}

        assert required - set(drawn) == set()
        assert set(drawn) - set(variables(TEXT)) == set()

    def test_are_long_and_new_each_time(self, drawn):
        secrets = [value for value in drawn.values() if value]

        assert {len(secret) for secret in secrets} == {50}
        assert len(set(secrets)) == len(secrets)
        assert set(secrets).isdisjoint(draw().values())

    def test_are_safe_enough_to_start_with(self, drawn):
        assert list(dangers(secret_key=drawn["SECRET_KEY"], debug=False, allowed_hosts=["shop"], databases={})) == []

    def test_leave_open_what_only_the_owner_knows(self, drawn):
        assert {name for name, value in drawn.items() if not value} == {
            *("SHOP_HOSTS", "SHOP_ORIGINS", "EMAIL_URL", "DEFAULT_FROM_EMAIL")
        }


def draw() -> dict[str, str]:
    """Return what draw_secrets.sh prints."""
    printed = subprocess.run([str(FOLDER / "draw_secrets.sh")], capture_output=True, text=True, check=True).stdout
    return dict(line.split("=", 1) for line in printed.splitlines() if not line.startswith("#"))


class TestCommands:
    def test_give_every_queue_a_worker(self):
        queues = [
            argument.removeprefix("--queues=")
            for service in ours().values()
            for argument in command_of(service)
            if argument.startswith("--queues=")
        ]

        assert sorted(queues) == sorted(["default", *(f"lane.{lane}" for lane in settings.LANES), "commands.catalog"])

    @pytest.mark.parametrize("name", sorted(ours()))
    def test_exist(self, name):
        program, *arguments = command_of(ours()[name])

        if program == "celery":
            assert arguments[0] == "--app=ecommerce"
            options_known_to({"worker": worker, "beat": beat}[arguments[1]], arguments[2:])
        elif program == "granian":
            options_known_to(granian, arguments)
            assert arguments[-1] == "ecommerce.wsgi:application"
        elif arguments[0] == "-m":
            assert find_spec(arguments[1])
        else:
            assert (program, arguments[0]) == ("python", "manage.py")
            assert arguments[1] in get_commands()

    def test_with_an_unknown_option_are_found_out(self):
        with pytest.raises(click.NoSuchOption):
            options_known_to(worker, ["--pool=threads", "--quues=default"])

    def test_of_the_web_is_the_images(self):
        assert command_of(ours()["web"]) == image_command()


class TestPorts:
    def test_of_the_web_are_one(self):
        port = image_command()[image_command().index("--port") + 1]

        assert ours()["web"]["ports"] == [f"127.0.0.1:${{PORT:-8000}}:{port}"]
        assert scrapes()["web"]["static_configs"] == [{"targets": [f"web:{port}"]}]
        assert ours()["web"]["environment"]["ALLOWED_HOSTS"].endswith(",web")
        assert "metrics" in {str(pattern.pattern) for pattern in urlpatterns}

    def test_of_the_workers_are_one(self):
        telling = {name for name, service in ours().items() if "METRICS_PORT" in service.get("environment", {})}
        (found,) = scrapes()["workers"]["dns_sd_configs"]

        assert set(found["names"]) == telling
        assert {services()[name]["environment"]["METRICS_PORT"] for name in telling} == {str(found["port"])}
        assert all(f"localhost:{found['port']}" in services()[name]["healthcheck"]["test"][-1] for name in telling)

    def test_of_the_gateway_are_one(self):
        assert "--port=8080" in command_of(ours()["gateway"])
        assert ours()["web"]["environment"]["PAYMENT_GATEWAY_URL"] == "${PAYMENT_GATEWAY_URL:-http://gateway:8080}"

    def test_are_open_to_this_machine_alone(self):
        published = {name: service["ports"] for name, service in services().items() if "ports" in service}

        assert set(published) == {"web", "prometheus", "grafana"}
        assert all(port.startswith("127.0.0.1:") for ports in published.values() for port in ports)


class TestParts:
    def test_that_are_named_exist(self):
        for name, service in services().items():
            assert set(service.get("depends_on", [])) <= set(services()), name
            assert set(service.get("networks", [])) <= set(compose()["networks"]), name
            assert set(service.get("secrets", [])) <= set(compose()["secrets"]), name

    def test_that_are_mounted_exist(self):
        for name, service in services().items():
            for volume in service.get("volumes", []):
                source = volume.split(":")[0]
                known = (FOLDER / source).exists() if source.startswith(".") else source in compose()["volumes"]
                assert known, f"{name} mounts {source}"

    def test_wait_for_what_tells_that_it_is_healthy(self):
        built = {"pgbouncer"}
        for name, service in services().items():
            waits = service.get("depends_on", {})
            for other, condition in waits.items() if isinstance(waits, dict) else ():
                told = "healthcheck" in services()[other] or other in built
                assert condition["condition"] == "service_completed_successfully" or told, f"{name} waits for {other}"

    def test_stand_one_server_a_database(self):
        servers = {name: service for name, service in services().items() if service.get("image") == "postgres:18"}

        assert set(servers) == {f"{alias}-db" for alias in ALIASES}
        assert {server["environment"]["APP_ROLE"] for server in servers.values()} == set(ALIASES)
        assert len({server["volumes"][0] for server in servers.values()}) == len(ALIASES)

    def test_keep_the_databases_to_themselves(self):
        inside = {name for name, service in services().items() if "databases" in service.get("networks", [])}

        assert compose()["networks"]["databases"] == {"internal": True}
        assert inside == {*(f"{alias}-db" for alias in ALIASES), "pgbouncer", "migrate"}

    def test_of_the_shop_write_nothing_but_what_is_mounted(self):
        for name, service in ours().items():
            assert service["read_only"], name
            assert service["cap_drop"] == ["ALL"], name
            # Compose cannot put a secret of the environment into a container that is read-only.
            assert "secrets" not in service, name


class TestDockerItself:
    def test_accepts_the_file(self, tmp_path: Path):
        docker = shutil.which("docker")
        plugin = docker and subprocess.run([docker, "compose", "version"], capture_output=True, check=False)
        if not plugin or plugin.returncode:
            pytest.skip("needs Docker's compose plugin")
        environment = tmp_path / "env"
        environment.write_text("".join(f"{name}={value or 'said'}\n" for name, value in draw().items()))
        command = [docker, "compose", "--env-file", str(environment), "--file", str(FOLDER / "compose.yml")]

        outcome = subprocess.run([*command, "config", "--quiet"], capture_output=True, text=True, check=False)

        assert (outcome.returncode, outcome.stderr) == (0, "")
