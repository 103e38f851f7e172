"""Which column of a file means what."""

import pytest

from apps.catalog.importing.errors import UnreadableFile
from apps.catalog.importing.layout import Layout, read_layout

LEAST = ["Handle", "Title", "Variant Price"]
WIDE = [*LEAST, *(f"Column {n}" for n in range(20))]


class TestReadLayout:
    @pytest.mark.parametrize(
        ("header", "name"),
        [
            (LEAST, "short"),
            (WIDE, "classic"),
            ([*WIDE, "Product Category"], "2024"),
            (["URL handle", "Title", "Price", "Product category", *WIDE[3:]], "2025"),
        ],
    )
    def test_tells_the_layouts_apart(self, header: list[str], name: str) -> None:
        assert read_layout(header).name == name

    def test_knows_columns_by_all_their_names(self) -> None:
        oldest = read_layout(["Handle", "Title", "Body", "Variant sku", "Variant price", "Variant inventory quantity"])
        newest = read_layout(["URL handle", "Title", "Description", "SKU", "Price", "Inventory quantity"])

        assert oldest.at == {"handle": 0, "title": 1, "body": 2, "sku": 3, "price": 4, "quantity": 5}
        assert newest.at == oldest.at

    def test_reads_padded_headers(self) -> None:
        assert read_layout(["Handle   ", "  Title", "Variant  Price "]).at == {"handle": 0, "title": 1, "price": 2}

    def test_calls_a_column_what_the_file_calls_it(self) -> None:
        layout = read_layout(["URL handle", "Title  ", "Price"])

        assert (layout.header("price"), layout.header("title"), layout.header("vendor")) == ("Price", "Title", "Vendor")

    def test_keeps_unknown_columns_for_the_product_or_the_variant(self) -> None:
        product, variant = kept(
            "Option1 Linked To",
            "Included / International",
            "Color (product.metafields.shopify.color-pattern)",
            "Variant Tax Code",
            "Price / International",
            "Compare At Price / International",
            "Unit Price Total Measure",
            "Google Shopping / MPN",
            "Care (variant.metafields.custom.care)",
        )

        assert product == [
            "Option1 Linked To",
            "Included / International",
            "Color (product.metafields.shopify.color-pattern)",
        ]
        assert variant == [
            "Variant Tax Code",
            "Price / International",
            "Compare At Price / International",
            "Unit Price Total Measure",
            "Google Shopping / MPN",
            "Care (variant.metafields.custom.care)",
        ]

    def test_passes_over_columns_without_a_name(self) -> None:
        assert read_layout([*LEAST, "", " "]).extras == ()

    @pytest.mark.parametrize(
        ("header", "sentence"),
        [
            (["Handle", "Title"], "The header has no column Variant Price, so this is not a product file."),
            (["id", "name"], "The header has no columns Handle, Title, Variant Price, so this is not a product file."),
            ([*LEAST, "handle "], "The column handle stands twice in the header; leave one."),
            ([*LEAST, "URL handle"], "The column URL handle stands twice in the header; leave one."),
            ([*LEAST, "Fabric", "Fabric"], "The column Fabric stands twice in the header; leave one."),
        ],
    )
    def test_refuses_what_is_no_product_file(self, header: list[str], sentence: str) -> None:
        with pytest.raises(UnreadableFile) as refused:
            read_layout(header)

        assert refused.value.message == sentence


def kept(*headers: str) -> tuple[list[str], list[str]]:
    layout: Layout = read_layout([*LEAST, *headers])
    of_variants = [extra.header for extra in layout.extras if extra.of_variant]
    return [extra.header for extra in layout.extras if not extra.of_variant], of_variants
