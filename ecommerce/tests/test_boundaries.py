"""
Who may import whom is written in .importlinter; here each rule is broken once, in a copy, to see that it can fail.
"""

import os
import shutil
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)


class Plant(NamedTuple):
    """A forbidden import, in a new module or at the end of one there is, and the rule it must break."""

    rule: str
    module: str
    imports: str


LAYERS = "Orders orchestrate the four domains, which never meet; the engine knows no app; the kernel knows nobody"
ROOT_ALONE = "Only the composition root knows every app"
DOWNWARDS = "Inside an app imports go downwards"
ENGINE = "Inside the engine imports go downwards"
EXECUTING = "What executes a participant's steps needs neither sagas nor the database they live in"
KERNEL = "Inside the kernel imports go downwards"
CONTRACTS_ONLY = "A saga knows the other apps by their contracts alone"
PURE = "Contracts, saga declarations and the engine's model import no framework"

PLANTS = [
    Plant(LAYERS, "apps.core.schema.planted", "apps.sagas.messages"),
    Plant(LAYERS, "apps.sagas.management.planted", "apps.orders.contracts"),
    Plant(LAYERS, "apps.payments.services.planted_across", "apps.catalog.contracts"),
    Plant(LAYERS, "apps.accounts.services.planted_upwards", "apps.orders.contracts"),
    Plant(ROOT_ALONE, "apps.orders.services.planted_root", "ecommerce.routers"),
    Plant(DOWNWARDS, "apps.accounts.models.planted", "apps.accounts.services"),
    Plant(DOWNWARDS, "apps.catalog.selectors.planted", "apps.catalog.services"),
    Plant(DOWNWARDS, "apps.orders.services.planted", "apps.orders.handlers"),
    Plant(DOWNWARDS, "apps.payments.gateways.planted", "apps.payments.services"),
    Plant(DOWNWARDS, "apps.orders.buyers", "apps.orders.selectors"),
    Plant(DOWNWARDS, "apps.catalog.statements", "apps.catalog.models"),
    Plant(DOWNWARDS, "apps.accounts.backends", "apps.accounts.admin"),
    Plant(ENGINE, "apps.sagas.models", "apps.sagas.orchestrator"),
    Plant(ENGINE, "apps.sagas.definition", "apps.sagas.execution"),
    Plant(ENGINE, "apps.sagas.settlement", "apps.sagas.lanes"),
    Plant(EXECUTING, "apps.sagas.delivery", "apps.sagas.models"),
    Plant(KERNEL, "apps.core.json", "apps.core.api.problems"),
    Plant(KERNEL, "apps.core.schema.planted_upwards", "apps.core.api.problems"),
    *(
        Plant(
            f"Other apps see the services, selectors and contracts of {app}",
            f"apps.orders.services.planted_{app}",
            f"apps.{app}.models",
        )
        for app in ("accounts", "catalog", "payments", "notifications")
    ),
    Plant(CONTRACTS_ONLY, "apps.orders.sagas.planted", "apps.catalog.selectors"),
    Plant(PURE, "apps.orders.sagas.planted_framework", "django"),
]


def lint(folder: Path) -> tuple[int, dict[str, str]]:
    """Run the import linter on a copy; return its exit code and what it says of each rule."""
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache", "--no-logo"]
    environment = os.environ | {"COLUMNS": "300", "NO_COLOR": "1", "PYTHONPATH": str(folder)}
    ran = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    _, _, broken = ran.stdout.partition("Broken contracts")
    sections: dict[str, str] = {}
    name = ""
    for line, below in pairwise([*broken.splitlines(), ""]):
        name = line if line and set(below) == {"-"} else name
        if name:
            sections[name] = sections.get(name, "") + line + "\n"
    return ran.returncode, sections


def copy_of_the_tree(folder: Path) -> Path:
    for package in ("apps", "ecommerce"):
        ignored = shutil.ignore_patterns("tests", "__pycache__", "migrations", "static", "templates", "demo")
        shutil.copytree(ROOT / package, folder / package, ignore=ignored)
    shutil.copy(ROOT / ".importlinter", folder)
    return folder


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> tuple[int, dict[str, str]]:
    folder = copy_of_the_tree(tmp_path_factory.mktemp("planted"))
    for plant in PLANTS:
        path = folder / (plant.module.replace(".", "/") + ".py")
        assert path.parent.is_dir(), plant.module
        with path.open("a") as module:
            module.write(f"import {plant.imports}\n")
    (folder / "apps" / "newcomer").mkdir()
    (folder / "apps" / "newcomer" / "__init__.py").touch()
    for app in ("core", "sagas", "orders"):
        (folder / "apps" / app / "newcomer.py").touch()
    return lint(folder)


class TestBoundaries:
    def test_hold(self, tmp_path: Path) -> None:
        code, sections = lint(copy_of_the_tree(tmp_path))

        assert (code, sections) == (0, {})

    @pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: f"{plant.module}->{plant.imports}")
    def test_do_not_let_a_violation_pass(self, planted: tuple[int, dict[str, str]], plant: Plant) -> None:
        code, sections = planted

        assert code == 1
        assert f"{plant.module} -> {plant.imports} " in sections[plant.rule]

    def test_ask_where_a_new_app_stands(self, planted: tuple[int, dict[str, str]]) -> None:
        _, sections = planted

        assert "apps.newcomer" in sections[LAYERS]

    @pytest.mark.parametrize(
        ("rule", "module"),
        [(KERNEL, "apps.core.newcomer"), (ENGINE, "apps.sagas.newcomer"), (DOWNWARDS, "apps.orders.newcomer")],
    )
    def test_ask_where_a_new_module_stands(self, planted: tuple[int, dict[str, str]], rule: str, module: str) -> None:
        _, sections = planted

        assert module in sections[rule]
