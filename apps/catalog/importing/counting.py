"""Reading a count from a CSV file: SKU, quantity and, where the file bears it, the time of the count."""

import csv
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from django.utils.dateparse import parse_datetime

from apps.catalog.services import CountedLine, CountProblem
from apps.core.exceptions import DomainError

MOST_PIECES = 100_000_000
COLUMNS = ("sku", "quantity")


class NotACount(DomainError):
    """The file is no list of counted stock."""

    code = "not_a_count"


def read_count(*, path: Path, now: datetime) -> tuple[list[CountedLine], list[CountProblem]]:
    """
    Return the lines of a count that can be read, and those that cannot; both in the file's order.

    The first line names the columns `sku`, `quantity` and perhaps `counted_at` (ISO 8601 with its offset). A line
    without a time was counted `now`.

    Raises:
        NotACount: a column is missing, or the file is not text in UTF-8.
    """
    lines: list[CountedLine] = []
    problems: list[CountProblem] = []
    for number, row in _rows(path):
        line = _line(number, row, now)
        if isinstance(line, CountedLine):
            lines.append(line)
        else:
            problems.append(line)
    return lines, problems


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, restval="", restkey="more")
            names = {name.strip().lower() for name in reader.fieldnames or ()}
            if missing := [name for name in COLUMNS if name not in names]:
                raise NotACount(f"The file has no column {' and no column '.join(missing)}.")
            for row in reader:
                yield reader.line_num, {key.strip().lower(): text for key, text in row.items() if key != "more"}
    except (UnicodeDecodeError, csv.Error) as error:
        raise NotACount(f"The file is not CSV in UTF-8: {error}.") from error


def _line(number: int, row: dict[str, str], now: datetime) -> CountedLine | CountProblem:
    sku, text = row["sku"].strip(), row["quantity"].strip()
    counted_at, problem = _time(row.get("counted_at", "").strip(), now)
    if not text.lstrip("-").isdecimal() or not text.isascii() or int(text) > MOST_PIECES:
        problem = "not_a_number"
    elif int(text) < 0:
        problem = "negative"
    if problem:
        return CountProblem(number=number, sku=sku, problem=problem)
    return CountedLine(number=number, sku=sku, quantity=int(text), counted_at=counted_at)


def _time(text: str, now: datetime) -> tuple[datetime, str]:
    """Return the time of a line, and what is wrong with it."""
    if not text:
        return now, ""
    try:
        counted_at = parse_datetime(text)
    except ValueError:
        counted_at = None
    if counted_at is None or counted_at.tzinfo is None:
        return now, "not_a_time"
    return counted_at, "in_the_future" if counted_at > now else ""
