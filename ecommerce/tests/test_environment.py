"""Every environment variable that the code reads stands in docs/settings.md, and no other."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from apps.core.services.addresses import database_variable

ROOT = Path(settings.BASE_DIR)
READERS = {"env", "environ"}
# What the machine and the tests bring along.
FOREIGN = {"PATH", "PYTEST_XDIST_WORKER"}
# Read by Django itself.
DJANGO = {"DJANGO_SETTINGS_MODULE"}


def read_in(path: Path) -> Iterator[str]:
    """Yield the names of the variables that a module reads: `env("X")`, `env.int("X")`, `os.environ.get("X")`."""
    for node in ast.walk(ast.parse(path.read_text())):
        match node:
            case ast.Call(func=function, args=[ast.Constant(value=str(name)), *_]):
                parts = {part.id for part in ast.walk(function) if isinstance(part, ast.Name)}
                parts |= {part.attr for part in ast.walk(function) if isinstance(part, ast.Attribute)}
                if parts & READERS and name.isupper():
                    yield name


def modules() -> Iterator[Path]:
    yield from (ROOT / "ecommerce" / "settings").glob("*.py")
    for path in (ROOT / "apps").rglob("*.py"):
        if not {"tests", "testing"} & set(path.parts):
            yield path


class TestSettingsPage:
    def test_lists_exactly_what_is_read(self) -> None:
        read = {name for path in modules() for name in read_in(path)} - FOREIGN | DJANGO
        read |= {database_variable(alias) for alias in settings.DATABASES if alias != "default"}

        listed = re.findall(r"^\| `(\w+)` \|", (ROOT / "docs" / "settings.md").read_text(), re.MULTILINE)

        assert sorted(listed) == sorted(read)
