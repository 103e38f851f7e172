"""Every target of the Makefile can be made: what it would run is told, and one name has one recipe."""

import re
import subprocess

import pytest
from django.conf import settings

MAKEFILE = settings.BASE_DIR / "Makefile"
NAMES = " ".join(re.findall(r"^\.PHONY: (.+)$", MAKEFILE.read_text(), re.MULTILINE)).split()


@pytest.mark.parametrize("name", NAMES)
def test_each_target_says_what_it_would_run(name):
    told = subprocess.run(
        ["make", "--no-print-directory", "-n", name], cwd=settings.BASE_DIR, capture_output=True, text=True
    )

    assert (told.returncode, told.stderr) == (0, "")
    assert told.stdout


def test_measuring_the_catalogue_takes_sizes_and_a_file():
    command = [
        "make",
        "--no-print-directory",
        "-n",
        "-o",
        ".venv/.installed",
        "bench-catalog",
        "SIZES=10 20",
        "JSON=figures.json",
    ]
    told = subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, text=True).stdout

    assert told.strip().endswith("python -m ecommerce.bench catalogue --sizes 10 20 --json figures.json")
