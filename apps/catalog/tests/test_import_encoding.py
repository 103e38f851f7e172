"""How the bytes of a file are read, and when they are not."""

from pathlib import Path

import pytest

from apps.catalog.importing.encoding import Encoding, detect
from apps.catalog.importing.errors import UnreadableFile

CAFE = "Handle,Title\ncafe,Café à la crème, 5 € ———\n"
RING = "Handle,Title\nnhan,Nhẫn vàng đính đá\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "products.csv"


class TestDetect:
    @pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig"])
    def test_reads_utf8_with_and_without_its_mark(self, file: Path, codec: str) -> None:
        assert read(file, RING.encode(codec)) == (RING, None)

    @pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be"])
    def test_reads_utf16_with_and_without_its_mark(self, file: Path, codec: str) -> None:
        assert read(file, RING.encode(codec)) == (RING, None)

    def test_reads_windows_1252_and_says_so(self, file: Path) -> None:
        assert read(file, CAFE.encode("cp1252")) == (CAFE, "Not UTF-8: read as windows-1252.")

    def test_never_makes_mojibake_of_utf8_with_a_damaged_byte(self, file: Path) -> None:
        damaged = CAFE.encode() + b"bad,\xff\n"

        text, note = read(file, damaged)

        assert text == CAFE + "bad,\udcff\n"
        assert note == "UTF-8 with damaged bytes (1): the rows that hold them are refused."

    @pytest.mark.parametrize("codec", ["cp1251", "koi8-r", "shift_jis", "gbk", "iso8859-7"])
    def test_refuses_other_alphabets(self, file: Path, codec: str) -> None:
        words = {"shift_jis": "日本語のシャツ", "gbk": "亚麻衬衫商店", "iso8859-7": "Πουκάμισο λινό"}
        text = f"Handle,Title\nshirt,{words.get(codec, 'Льняная рубашка')}\n"
        file.write_bytes(text.encode(codec))

        with pytest.raises(UnreadableFile, match=r"neither UTF-8 nor UTF-16 nor windows-1252\. Save it as UTF-8"):
            detect(file)

    def test_takes_the_word_of_the_caller(self, file: Path) -> None:
        text = "Handle,Title\nshirt,Льняная рубашка\n"
        file.write_bytes(text.encode("cp1251"))

        assert detect(file, named="cp1251") == Encoding("cp1251")

    @pytest.mark.parametrize(
        ("codec", "sentence"),
        [("utf-8", "products.csv is not utf-8 throughout"), ("klingon", "There is no encoding named klingon.")],
    )
    def test_checks_the_word_of_the_caller(self, file: Path, codec: str, sentence: str) -> None:
        file.write_bytes(CAFE.encode("cp1252"))

        with pytest.raises(UnreadableFile, match=sentence):
            detect(file, named=codec)

    def test_refuses_half_a_character_of_utf16(self, file: Path) -> None:
        file.write_bytes(RING.encode("utf-16") + b"a")

        with pytest.raises(UnreadableFile, match="is not utf-16 throughout"):
            detect(file)

    def test_refuses_a_folder(self, tmp_path: Path) -> None:
        with pytest.raises(UnreadableFile, match="is no plain file"):
            detect(tmp_path)


def read(file: Path, content: bytes) -> tuple[str, str | None]:
    """What the file says by the encoding that is found, and the note about it."""
    file.write_bytes(content)
    found = detect(file)
    return content.decode(found.codec, found.errors).removeprefix("\ufeff"), found.note
