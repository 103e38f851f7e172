"""The findings of an import for programs and spreadsheets: JSON, or CSV. Written one by one, for there may be many."""

import csv
import json
import re
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from .drafts import Finding
from .report import Report
from .scratch import Scratch

COLUMNS = ("verdict", "row", "line", "handle", "column", "value", "reason")
# A spreadsheet would calculate a cell that begins like this; a plain negative number it may.
FORMULA = re.compile(r"^(?:[=+@\t\r]|-(?!\d+(?:\.\d+)?$))")


def as_json(report: Report, scratch: Scratch) -> Iterator[str]:
    """Yield the pieces of one JSON object: the numbers of the report, then `refused` and `notes`."""
    yield json.dumps(report.as_dict(), ensure_ascii=False)[:-1]
    for name, notes in (("refused", False), ("notes", True)):
        yield f', "{name}": ['
        for index, finding in enumerate(scratch.findings(notes=notes)):
            yield (", " if index else "") + json.dumps(asdict(finding), ensure_ascii=False)
        yield "]"
    yield "}"


def save(path: Path, report: Report, scratch: Scratch) -> None:
    """Write all findings to a file: JSON where its name ends in .json, else CSV."""
    if path.suffix.lower() == ".json":
        with path.open("w", encoding="utf-8") as file:
            file.writelines(as_json(report, scratch))
        return
    # With the byte order mark, Excel reads it as what it is.
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        for notes in (False, True):
            writer.writerows(map(as_row, scratch.findings(notes=notes)))


def as_row(finding: Finding) -> dict[str, Any]:
    return asdict(finding) | {"value": harmless(finding.value), "handle": harmless(finding.handle)}


def harmless(text: str | None) -> str | None:
    return f"'{text}" if text and FORMULA.match(text) else text
