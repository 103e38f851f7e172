"""Reading what `docker/` holds, so that it can be compared with the program it runs."""

import ast
import re
from typing import Any

import yaml
from django.conf import settings

FOLDER = settings.BASE_DIR / "docker"
Service = dict[str, Any]


def compose() -> dict[str, Any]:
    """Return the compose file, its anchors and merges resolved, its variables as they stand."""
    content: dict[str, Any] = yaml.safe_load((FOLDER / "compose.yml").read_text())
    return content


def services() -> dict[str, Service]:
    found: dict[str, Service] = compose()["services"]
    return found


def ours() -> dict[str, Service]:
    """Return the services that run the shop's own image."""
    return {name: service for name, service in services().items() if service.get("image", "").startswith("commerce:")}


def command_of(service: Service) -> list[str]:
    """Return the whole command line of a service of the shop's image."""
    spoken = [*service.get("entrypoint", []), *service.get("command", [])]
    return spoken or image_command()


def image_command() -> list[str]:
    """Return the command that the image runs when nobody names another."""
    instruction = re.search(r"^CMD (\[.*?\])$", dockerfile(), re.MULTILINE | re.DOTALL)
    assert instruction
    command: list[str] = ast.literal_eval(instruction[1])
    return command


def dockerfile() -> str:
    """Return the Dockerfile with its continued lines joined."""
    return (FOLDER / "Dockerfile").read_text().replace("\\\n", " ")


def image_environment() -> dict[str, str]:
    """Return the variables that the image sets."""
    instruction = re.search(r"^ENV (.*)$", dockerfile(), re.MULTILINE)
    assert instruction
    return dict(pair.split("=", 1) for pair in instruction[1].split())


def variables(text: str) -> dict[str, str]:
    """Return what a compose file takes from its environment: name, and `:?` where it is required or `:-` where not."""
    return dict(re.findall(r"\$\{(\w+)(:\?|:-)?", text))


def scrapes() -> dict[str, dict[str, Any]]:
    """Return Prometheus's scrape configurations by their job."""
    configuration = yaml.safe_load((FOLDER / "prometheus" / "prometheus.yml").read_text())
    return {scrape["job_name"]: scrape for scrape in configuration["scrape_configs"]}
