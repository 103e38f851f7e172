"""The image: what it copies, as whom it runs, and that its command serves under production settings."""

import re
import sys
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest
import urllib3
from django.conf import settings

from apps.core.running import free_port
from apps.core.services.addresses import database_url, database_variable
from apps.core.services.embedded import Servers
from ecommerce.settings.databases import ALIASES
from ecommerce.testing.processes import Process, listens

from .files import FOLDER, dockerfile, image_command


def copied() -> list[str]:
    """Return what the image takes from the project's folder."""
    return [
        source
        for sources in re.findall(r"^COPY (?!--from)(.*) \S+$", dockerfile(), re.MULTILINE)
        for source in sources.split()
    ]


def ignored(path: str) -> bool:
    """Whether a path is kept out of the image; the last rule that fits decides."""
    outcome = False
    for rule in (FOLDER / "Dockerfile.dockerignore").read_text().splitlines():
        if rule and not rule.startswith("#"):
            pattern = rule.removeprefix("!").removeprefix("**/")
            parts = [path, *map(str, Path(path).parents), *(Path(path).parts if "**/" in rule else ())]
            if any(fnmatch(part, pattern) for part in parts):
                outcome = not rule.startswith("!")
    return outcome


class TestImage:
    def test_copies_what_exists_and_is_not_ignored(self):
        assert copied() == ["requirements/production.txt", "manage.py", "apps", "ecommerce"]
        assert [path for path in copied() if not (settings.BASE_DIR / path).exists() or ignored(path)] == []

    @pytest.mark.parametrize(
        "path",
        [
            *(".env", ".git/config", ".local/services/pgpass", "docker/.env", "requirements/dev.txt"),
            *("apps/orders/tests/test_api.py", "ecommerce/testing/stack.py", "ecommerce/bench/drain.py"),
        ],
    )
    def test_leaves_out(self, path):
        assert ignored(path)

    @pytest.mark.parametrize("path", ["apps/sagas/testing.py", "apps/core/services/addresses.py", "ecommerce/urls.py"])
    def test_takes_in(self, path):
        assert not ignored(path)

    def test_runs_as_a_user_of_its_own(self):
        user = re.findall(r"^USER (\w+)$", dockerfile(), re.MULTILINE)

        assert user == ["shop"]
        assert re.search(r"^RUN useradd .*\bshop\b", dockerfile(), re.MULTILINE)

    def test_is_of_the_python_that_the_project_is_made_for(self):
        assert set(re.findall(r"^FROM (\S+)", dockerfile(), re.MULTILINE)) == {"python:3.11-slim"}

    def test_asks_the_port_it_serves_whether_it_lives(self):
        port = image_command()[image_command().index("--port") + 1]

        assert f"http://localhost:{port}/health/live" in dockerfile()
        assert f"EXPOSE {port}\n" in dockerfile()


@pytest.fixture(scope="module")
def production(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the shop, started by the image's command under production settings with what they require."""
    folder, port = tmp_path_factory.mktemp("production"), free_port()
    environment = {
        "PATH": "/usr/bin:/bin",
        "DJANGO_SETTINGS_MODULE": "ecommerce.settings.production",
        "SECRET_KEY": "s" * 50,
        "ALLOWED_HOSTS": "shop.example",
        "TRUSTED_PROXIES": "1",
        "FAKE_PAYMENTS": "true",
        "PROMETHEUS_MULTIPROC_DIR": str(folder / "metrics"),
        "GRANIAN_WORKERS": "1",
        "GRANIAN_BLOCKING_THREADS": "2",
        **{database_variable(alias): database_url(alias) for alias in ALIASES},
    }
    changed = {"0.0.0.0": "127.0.0.1", "8000": str(port)}
    arguments = [changed.get(argument, argument) for argument in image_command()]
    web = Process("web", [sys.executable, "-m", *arguments], environment, folder)
    try:
        web.start().ready(lambda: listens(port))
        yield f"http://localhost:{port}"
    finally:
        web.stop()


def ask(address: str, **headers: str) -> urllib3.BaseHTTPResponse:
    return urllib3.request("GET", address, headers=headers, redirect=False, retries=5, timeout=10)


class TestProduction:
    def test_tells_the_container_that_it_lives(self, production):
        answer = ask(f"{production}/health/live")

        assert (answer.status, answer.json()) == (200, {"status": "alive"})

    def test_sends_a_browser_to_https(self, production):
        answer = ask(f"{production}/api/v1/products/", Host="shop.example")

        assert (answer.status, answer.headers["Location"]) == (301, "https://shop.example/api/v1/products/")

    def test_believes_its_proxy_that_it_was_https(self, production):
        answer = ask(f"{production}/api/docs/", Host="shop.example", **{"X-Forwarded-Proto": "https"})

        assert answer.status == 200
        assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"

    def test_lets_no_other_host_in(self, production):
        assert ask(f"{production}/api/docs/", Host="elsewhere.example").status == 400
