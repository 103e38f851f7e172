"""Every statement in a file says which table its metrics are counted under."""

from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

from apps.core.sql import ABOUT

FILES = [file for file in sorted((settings.BASE_DIR / "apps").rglob("sql/*.sql")) if not file.name[0].isdigit()]
# Made by an import for itself.
TEMPORARY = {"staged_products", "staged_variants", "staged_categories"}
# What is counted under no table, as the database's time is.
NO_TABLE = {"other"}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
class TestStatement:
    def test_names_a_table_that_exists(self, file: Path) -> None:
        said = ABOUT.findall(file.read_text())

        assert len(said) == 1, "begin with a line `-- about: <select|insert|update|delete|other> <table>`"
        tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
        assert said[0][1] in tables | TEMPORARY | NO_TABLE

    def test_is_named_by_words(self, file: Path) -> None:
        assert file.stem.replace("_", "").isalpha()
