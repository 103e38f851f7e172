"""The rows of a file, their numbers, and what is wrong with them as a whole."""

import json
from pathlib import Path

import pytest

from apps.catalog.importing import rows
from apps.catalog.importing.encoding import Encoding, detect
from apps.catalog.importing.errors import UnreadableFile
from apps.catalog.importing.rows import Row, opened
from apps.core.testing.shared import FOLDER, shared

HEADER = "Handle,Title,Variant Price\n"
SPECTRUM = sorted(path.stem for path in (FOLDER / "conformance/csv-spectrum/csvs").glob("*.csv"))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "products.csv"


class TestSource:
    def test_numbers_rows_as_a_spreadsheet_does(self, file: Path) -> None:
        found = read(file, HEADER + 'a,"A shirt\nof linen",1\nb,B,2\n')

        assert found == [Row(2, 2, ["a", "A shirt\nof linen", "1"]), Row(3, 4, ["b", "B", "2"])]

    def test_takes_the_blanks_around_cells_off(self, file: Path) -> None:
        assert read(file, HEADER + '  a ,"A "   ,\t1\n')[0].cells == ["a", "A", "1"]

    @pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
    def test_knows_all_line_ends(self, file: Path, end: str) -> None:
        content = end.join(["Handle,Title,Variant Price", 'a,"A, or B",1', "b,B,2"])

        assert [row.cells for row in read(file, content)] == [["a", "A, or B", "1"], ["b", "B", "2"]]

    @pytest.mark.parametrize("delimiter", [";", "\t"])
    def test_tells_the_delimiter_by_the_header(self, file: Path, delimiter: str) -> None:
        content = delimiter.join(["Handle", "Title", "Variant Price"]) + "\n" + delimiter.join(["a", "A, B", "1"])

        assert read(file, content) == [Row(2, 2, ["a", "A, B", "1"])]

    def test_leaves_blank_rows_alone_however_many_cells_they_have(self, file: Path) -> None:
        found = read(file, HEADER + "\n,,\n , \n,,,,,\n")

        assert [(row.number, row.is_blank, row.flaw) for row in found] == [
            (2, True, None),
            (3, True, None),
            (4, True, None),
            (5, True, None),
        ]

    @pytest.mark.parametrize(
        ("row", "flaw"),
        [
            ("a,A", "The row has 2 fields where the header has 3."),
            (
                "a,A, the shirt,1",
                "The row has 4 fields where the header has 3."
                " A comma inside a cell needs quotation marks around the cell.",
            ),
            ('a,"A\nB"', "The row has 2 fields where the header has 3. It spans lines 2 to 3."),
            ('a,"A,1', "The file ends inside a quoted cell of this row."),
            ('a,"A\nb,B,2\nc,C,3\n', "The file ends inside a quoted cell of this row."),
            ("a,A\0,1", "The row holds a NUL character, which no text may hold."),
        ],
    )
    def test_says_what_is_wrong_with_a_row(self, file: Path, row: str, flaw: str) -> None:
        assert [found.flaw for found in read(file, HEADER + row)] == [flaw]

    def test_refuses_rows_with_bytes_that_are_not_utf8(self, file: Path) -> None:
        file.write_bytes(HEADER.encode() + "a,Nhẫn,1\nb,Ring \ud800,2\n".encode("utf-8", "surrogatepass"))

        with opened(file, detect(file)) as source:
            flaws = [row.flaw for row in source.rows]

        assert flaws == [None, "The row holds bytes that are not UTF-8, so its letters are not known."]

    def test_stops_at_a_quotation_mark_that_swallows_the_file(self, file: Path) -> None:
        with pytest.raises(UnreadableFile, match=r"Line 2 cannot be read: .* opened there and never closed\."):
            read(file, HEADER + 'a,"A,1\n' + "b,B,2\n" * (rows.LONGEST_CELL // 6 + 1))

    def test_stops_at_a_line_without_end(self, file: Path) -> None:
        with pytest.raises(UnreadableFile, match="Line 2 has over"):
            read(file, HEADER + "," * (rows.LONGEST_LINE + 1))

    def test_refuses_an_empty_file(self, file: Path) -> None:
        with pytest.raises(UnreadableFile, match=r"The file is empty\."):
            read(file, "")

    @pytest.mark.parametrize("name", SPECTRUM or ["simple"])
    def test_reads_the_csv_spectrum(self, file: Path, name: str) -> None:
        content = shared(f"conformance/csv-spectrum/csvs/{name}.csv").read_bytes()
        expected = json.loads(shared(f"conformance/csv-spectrum/json/{name}.json").read_text(encoding="utf-8"))
        # The carriage returns of the crlf files were lost on the way into that folder.
        file.write_bytes(content.replace(b"\n", b"\r\n") if name.endswith("crlf") else content)

        with opened(file, Encoding("utf-8")) as source:
            found = [dict(zip(source.header, row.cells, strict=True)) for row in source.rows]

        assert found == [{key: value.strip() for key, value in record.items()} for record in expected]


def read(file: Path, content: str) -> list[Row]:
    file.write_text(content, encoding="utf-8", newline="")
    with opened(file, Encoding("utf-8")) as source:
        return list(source.rows)
