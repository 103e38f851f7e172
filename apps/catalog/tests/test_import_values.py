"""What one cell may hold."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from apps.catalog.importing import values
from apps.catalog.importing.shelves import levels, path_of
from apps.catalog.importing.skus import derived_sku
from apps.catalog.importing.values import Unfit

NOT_PLAIN = "Not a plain number. Write it like 1299.00: no currency sign, no comma, no blanks."


class TestPrice:
    @pytest.mark.parametrize(
        ("text", "amount"),
        [("0", "0.00"), ("49", "49.00"), ("49.9", "49.90"), ("49.900", "49.90"), ("99999999.99", "99999999.99")],
    )
    def test_reads_plain_numbers(self, text: str, amount: str) -> None:
        assert str(values.price(text)) == amount

    @pytest.mark.parametrize(
        "text", ["1,299.00", "12,50", "$12", "12 €", "1 299", "1e3", "NaN", "Infinity", "+1", ".5", "5.", "٣", "1" * 50]
    )
    def test_refuses_everything_that_has_to_be_guessed(self, text: str) -> None:
        assert refusal(values.price, text) == NOT_PLAIN

    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            ("-1", "A price cannot be negative."),
            ("1.005", "A price has at most two decimals; rounding is the merchant's decision."),
            ("100000000", "A price is at most 99999999.99."),
        ],
    )
    def test_refuses_what_is_no_price(self, text: str, reason: str) -> None:
        assert refusal(values.price, text) == reason


class TestQuantity:
    @pytest.mark.parametrize(("text", "pieces"), [("0", 0), ("12", 12), ("-4", -4), ("12.0", 12)])
    def test_reads_whole_numbers(self, text: str, pieces: int) -> None:
        assert values.quantity(text) == pieces

    @pytest.mark.parametrize("text", ["1.5", "1,000", "many", "2147483648"])
    def test_refuses_the_rest(self, text: str) -> None:
        refusal(values.quantity, text)


class TestGrams:
    def test_rounds_to_hundredths(self) -> None:
        assert [values.grams(text) for text in ("226.796185", "0.0", "0.125")] == [
            Decimal("226.80"),
            Decimal("0.00"),
            Decimal("0.12"),
        ]

    @pytest.mark.parametrize("text", ["-1", "1 kg", "1000000"])
    def test_refuses_the_rest(self, text: str) -> None:
        refusal(values.grams, text)


class TestBarcode:
    @pytest.mark.parametrize(
        ("text", "barcode"),
        [
            ("671241127544", "671241127544"),
            ("671241127544.0", "671241127544"),
            ("'0012345", "0012345"),
            ("0012345", "0012345"),
            ("X-12.50", "X-12.50"),
        ],
    )
    def test_mends_what_a_spreadsheet_did(self, text: str, barcode: str) -> None:
        assert values.barcode(text) == barcode

    def test_refuses_digits_that_a_spreadsheet_lost(self) -> None:
        assert refusal(values.barcode, "6.71241E+11").startswith("A spreadsheet has shortened this barcode")


class TestWords:
    @pytest.mark.parametrize(
        ("read", "text", "value"),
        [
            (values.truth, "TRUE", True),
            (values.truth, "no", False),
            (values.continues, "continue", True),
            (values.continues, "DENY", False),
            (values.continues, "TRUE", True),
            (values.status, "Active", "active"),
            (values.weight_unit, "KG", "kg"),
            (values.slug, "Linen-Shirt", "linen-shirt"),
            (values.slug, "nha\u0302\u0303n-1", "nhẫn-1"),
            (values.sku, "'001", "001"),
            (values.sku, "'n' roll", "'n' roll"),
            (values.address(500), "https://cdn.example/a b.jpg", "https://cdn.example/a%20b.jpg"),
            (values.address(500), "/media/shirt.svg", "/media/shirt.svg"),
        ],
    )
    def test_are_read(self, read: Callable[[str], object], text: str, value: object) -> None:
        assert read(text) == value

    @pytest.mark.parametrize(
        ("read", "text"),
        [
            (values.truth, "maybe"),
            (values.continues, "perhaps"),
            (values.status, "sold"),
            (values.weight_unit, "stone"),
            (values.slug, "a/b"),
            (values.slug, "two words"),
            (values.slug, "a" * 256),
            (values.sku, "a" * 101),
            (values.address(500), "javascript:alert(1)"),
            (values.address(500), "//cdn.example/a.jpg"),
            (values.address(500), "data:image/png;base64,AAAA"),
            (values.address(30), "https://cdn.example/a-long-name.jpg"),
            (path_of, " > "),
            (path_of, " > ".join("abcdefghijklmnopqrstu")),
        ],
    )
    def test_are_refused(self, read: Callable[[str], object], text: str) -> None:
        refusal(read, text)


class TestTags:
    @pytest.mark.parametrize(
        ("text", "tags"),
        [
            ("linen, summer,linen,, ", ["linen", "summer"]),
            ('"big, bold", 5" pipe', ["big, bold", '5" pipe']),
            ('"the ""best""", "open, end', ['the "best"', '"open', "end"]),
        ],
    )
    def test_are_parted_by_the_commas_that_stand_outside_of_quotation_marks(self, text: str, tags: list[str]) -> None:
        assert values.tags(text) == tags

    @pytest.mark.parametrize("tags", [["a, b", "c"], ['"a"', 'b"', '"'], ['a,"', ","]])
    def test_are_read_as_they_were_written(self, tags: list[str]) -> None:
        assert values.tags(values.written_tags(tags)) == tags


class TestDerivedSku:
    def test_can_be_read_and_stays_the_same(self) -> None:
        assert derived_sku("linen-shirt", ("Sky Blue", "M", None)) == "linen-shirt-sky-blue-m-f08256fc"

    def test_keeps_apart_what_reads_alike(self) -> None:
        alike = [("a-b", ("c",)), ("a", ("b", "c")), ("a", ("b-c",)), ("a", ("B C",))]

        assert len({derived_sku(handle, options) for handle, options in alike}) == 4

    def test_fits_the_column_whatever_it_is_made_of(self) -> None:
        assert len(derived_sku("a" * 200, ("b" * 200,))) == 100
        assert derived_sku("亚麻", ("蓝色",)) == "24e0959b"


class TestLevels:
    def test_lead_from_the_root_down(self) -> None:
        path = path_of(" Apparel &  Accessories>Clothing > Shirts ")

        assert path == "Apparel & Accessories > Clothing > Shirts"
        assert [(shelf.name, shelf.slug, shelf.parent_path) for shelf in levels(path)] == [
            ("Apparel & Accessories", "apparel-accessories", None),
            ("Clothing", "apparel-accessories-clothing", "Apparel & Accessories"),
            ("Shirts", "apparel-accessories-clothing-shirts", "Apparel & Accessories > Clothing"),
        ]


def refusal(read: Callable[[str], object], text: str) -> str:
    with pytest.raises(Unfit) as refused:
        read(text)
    return refused.value.reason
