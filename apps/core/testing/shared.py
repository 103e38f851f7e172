"""Public data beside the checkout (`../shared/data`, or wherever SHARED_DATA says), for tests that compare with it."""

import os
from pathlib import Path

import pytest

from apps.core.services.addresses import ROOT

FOLDER = Path(os.environ.get("SHARED_DATA", ROOT.parent / "shared" / "data"))


def shared(path: str) -> Path:
    """Return a file or folder of the shared data; skip the test on a machine that has none."""
    found = FOLDER / path
    if not found.exists():
        pytest.skip(f"needs {path} of the shared data: set SHARED_DATA, or put the data at ../shared/data")
    return found
