"""
The rows of a file, one at a time, each with its number.

A row's number is the one a spreadsheet shows: the header is row 1. Its line is where it begins in the file; a cell may
span several. What is wrong with a row as a whole is said here; what its cells hold is the business of the rules.
"""

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from io import TextIOWrapper
from pathlib import Path
from typing import BinaryIO, TextIO

from .encoding import Encoding
from .errors import UnreadableFile
from .layout import DELIMITERS, known_columns

# Twice what Shopify takes for a description. What is longer is a quotation mark that is never closed.
LONGEST_CELL = 1 << 20
# Longer than the cells of a row together are; keeps a file without line ends out of memory.
LONGEST_LINE = 1 << 23
# Follows the last line. If it does not come back as a row of its own, the file ended inside a quoted cell.
END = "\0end of file"
# What the error handler surrogateescape makes of a byte it cannot decode.
UNDECODED = re.compile("[\udc80-\udcff]")
UNCLOSED = "A quotation mark may be opened there and never closed."


Known = Callable[[Sequence[str]], int]
"""Counts the columns of a header that mean something."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its cells without the blanks around them, and the sentence that refuses it as a whole, if any."""

    number: int
    line: int
    cells: list[str]
    flaw: str | None = None

    @property
    def is_blank(self) -> bool:
        return not any(self.cells)


class Source:
    """An open product file: its header, then its rows, once."""

    def __init__(self, file: BinaryIO, text: TextIO, known: Known = known_columns) -> None:
        self.file = file
        self.delimiter = best_delimiter(text, known)
        records = read_records(text, self.delimiter)
        self.header = next(records).cells
        # Whether cells that a row lacks at its end are blank, or the row is ragged.
        self.pads_short_rows = False
        self.rows = (self.row(record, number) for number, record in enumerate(records, start=2))

    def row(self, record: "Record", number: int) -> Row:
        missing = len(self.header) - len(record.cells)
        if self.pads_short_rows and missing > 0 and record.closed:
            record = replace(record, cells=record.cells + [""] * missing)
        return checked(record, number, len(self.header))

    @property
    def position(self) -> int:
        """The byte of the file that was read up to, for progress."""
        return self.file.tell()


@dataclass(frozen=True, slots=True)
class Record:
    """What stands between two line ends that are not quoted."""

    line: int
    last_line: int
    cells: list[str]
    closed: bool = True


@contextmanager
def opened(path: Path, encoding: Encoding, *, known: Known = known_columns) -> Iterator[Source]:
    """
    Open a product file, or another whose columns `known` counts.

    Raises:
        UnreadableFile: when it is empty; also while reading, when a cell or a line is longer than any honest one.
    """
    with (
        path.open("rb") as file,
        TextIOWrapper(file, encoding=encoding.codec, errors=encoding.errors, newline="") as text,
    ):
        yield Source(file, text, known)


def best_delimiter(text: TextIO, known: Known = known_columns) -> str:
    """Return the delimiter under which most columns of the header are known, or else most are there; and rewind."""
    fit = {}
    for delimiter in DELIMITERS:
        header = next(read_records(text, delimiter), None)
        if header is None:
            raise UnreadableFile("The file is empty.")
        fit[delimiter] = known(header.cells), len(header.cells)
        text.seek(0)
    return max(DELIMITERS, key=lambda delimiter: fit[delimiter])


def read_records(text: TextIO, delimiter: str) -> Iterator[Record]:
    """Yield what stands in the file, header included; the last record says whether its quotation was closed."""
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(read_lines(text), delimiter=delimiter)
    record: Record | None = None
    while True:
        line = reader.line_num + 1
        try:
            cells = [cell.strip() for cell in next(reader)]
        except StopIteration:
            if record is not None:
                yield Record(record.line, record.last_line, record.cells, closed=False)
            return
        except csv.Error as error:
            raise UnreadableFile(f"Line {line} cannot be read: {error}. {UNCLOSED}") from None
        if record is not None:
            yield record
        if cells == [END]:
            return
        record = Record(line, reader.line_num, cells)


def read_lines(text: TextIO) -> Iterator[str]:
    number = 1
    while line := text.readline(LONGEST_LINE):
        if len(line) == LONGEST_LINE:
            raise UnreadableFile(f"Line {number} has over {LONGEST_LINE:,} characters, so this is not a CSV file.")
        yield line
        number += 1
    yield END


def checked(record: Record, number: int, width: int) -> Row:
    return Row(number, record.line, record.cells, flaw_of(record, width))


def flaw_of(record: Record, width: int) -> str | None:
    """Say what is wrong with a record as a whole; cells of blanks alone are nothing, however many."""
    if not any(record.cells):
        return None
    if not record.closed:
        return "The file ends inside a quoted cell of this row."
    if len(record.cells) != width:
        span = f" It spans lines {record.line} to {record.last_line}." if record.last_line > record.line else ""
        remedy = " A comma inside a cell needs quotation marks around the cell." if len(record.cells) > width else ""
        return f"The row has {len(record.cells)} fields where the header has {width}.{span}{remedy}"
    text = "".join(record.cells)
    if "\0" in text:
        return "The row holds a NUL character, which no text may hold."
    if UNDECODED.search(text):
        return "The row holds bytes that are not UTF-8, so its letters are not known."
    return None
