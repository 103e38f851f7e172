"""How the rows of one handle become a product, or are refused."""

import json
import re
from decimal import Decimal
from html.parser import HTMLParser

import pytest

from apps.catalog.importing.drafts import ProductDraft, Seen
from apps.catalog.importing.html import safe_html
from apps.core.testing.shared import shared

from .product_files import more, reading_of, said, shirt


def product_of(*rows: dict[str, str]) -> ProductDraft:
    reading = reading_of(*rows)
    assert reading.product is not None, reading.findings
    return reading.product


class TestReadProduct:
    def test_reads_a_product_with_its_variants(self) -> None:
        product = product_of(
            shirt(vendor="Acme", type="Shirts", tags="linen, summer, linen", body_html="<p>Cool.</p>"),
            more(option1_value="L", variant_sku="LINEN-L", variant_price="55"),
        )

        assert (product.slug, product.name, product.vendor) == ("linen-shirt", "Linen Shirt", "Acme")
        assert (product.product_type, product.tags, product.description) == (
            "Shirts",
            ["linen", "summer"],
            "<p>Cool.</p>",
        )
        assert product.options == [{"name": "Size", "values": ["M", "L"]}]
        assert [(v.options, v.title, v.sku, v.price, v.position) for v in product.variants] == [
            (("M", None, None), "M", "LINEN-M", Decimal("49.00"), 1),
            (("L", None, None), "L", "LINEN-L", Decimal("55.00"), 2),
        ]
        assert product.lead is product.variants[0]

    def test_takes_the_product_from_the_first_row_with_a_title(self) -> None:
        picture = {"Handle": "linen-shirt", "Image Src": "https://cdn.example/1.jpg"}

        product = product_of(picture, shirt(vendor="Acme"), shirt(option1_value="L", vendor="Other"))

        assert (product.vendor, len(product.images), len(product.variants)) == ("Acme", 1, 2)

    def test_refuses_a_product_that_never_has_a_title(self) -> None:
        reading = reading_of(more(), more(option1_value="L"))

        assert reading.product is None
        assert said(reading) == [(2, "Title", "product")]

    def test_refuses_a_product_without_a_price(self) -> None:
        reading = reading_of({"Handle": "linen-shirt", "Title": "Linen Shirt", "Variant Price": ""})

        assert reading.product is None
        assert said(reading) == [(2, "Variant Price", "product")]

    def test_refuses_the_whole_product_for_one_bad_cell_and_names_all_of_them(self) -> None:
        reading = reading_of(
            shirt(variant_price="49,00", variant_inventory_policy="perhaps"),
            more(option1_value="L"),
            more(option1_value="XL", variant_inventory_qty="1.5"),
        )

        assert reading.product is None
        assert said(reading) == [
            (2, "Variant Price", "product"),
            (2, "Variant Inventory Policy", "product"),
            (4, "Variant Inventory Qty", "product"),
        ]

    def test_refuses_a_variant_without_a_price(self) -> None:
        reading = reading_of(shirt(), more(option1_value="L", variant_price=""))

        assert reading.product is None
        assert said(reading) == [(3, "Variant Price", "product")]

    def test_keeps_the_first_of_two_rows_with_the_same_options(self) -> None:
        reading = reading_of(
            shirt(), more(variant_sku="LINEN-OLD", variant_inventory_qty="90"), more(option1_value="L")
        )

        assert reading.product is not None
        assert [v.sku for v in reading.product.variants] == ["LINEN-M", "LINEN-M"]
        assert [v.options[0] for v in reading.product.variants] == ["M", "L"]
        assert said(reading) == [(3, "Option1 Value", "row")]
        assert reading.findings[0].reason == "Row 2 has the same handle and options (M); that row is kept."

    def test_counts_what_stands_in_the_file_before_any_rule(self) -> None:
        reading = reading_of(
            shirt(variant_inventory_qty="-2", image_src="https://cdn.example/1.jpg"),
            more(variant_inventory_qty="7"),
            more(option1_value="L", variant_inventory_qty="oops", image_src="https://cdn.example/1.jpg"),
        )

        assert reading.seen == Seen(rows=3, products=1, variants=2, images=1, stock=5, negative_stocks=1)
        assert reading.product is None


class TestVariants:
    def test_without_options_have_none(self) -> None:
        product = product_of(shirt(option1_name="Title", option1_value="Default Title"))

        assert product.options == []
        assert (product.variants[0].options, product.variants[0].title) == ((None, None, None), "Default Title")

    def test_without_a_sku_get_a_stable_one(self) -> None:
        first, second = product_of(shirt(variant_sku=""), more(variant_sku="", option1_value="L")).variants

        assert (first.sku, second.sku) == (first.spare_sku, second.spare_sku)
        assert first.sku.startswith("linen-shirt-m-")
        assert second.sku.startswith("linen-shirt-l-")

    def test_that_sell_below_zero_keep_a_negative_stock(self) -> None:
        variant = product_of(shirt(variant_inventory_policy="continue", variant_inventory_qty="-3")).variants[0]

        assert (variant.quantity, variant.allow_backorder) == (-3, True)

    def test_that_nobody_tracks_are_always_for_sale(self) -> None:
        variant = product_of(shirt(variant_inventory_tracker="", variant_inventory_qty="-3")).variants[0]

        assert (variant.quantity, variant.allow_backorder) == (-3, True)

    def test_that_do_not_sell_below_zero_have_a_stock_of_zero_and_a_note(self) -> None:
        reading = reading_of(shirt(variant_inventory_qty="-3"))

        assert reading.product is not None
        assert (reading.product.variants[0].quantity, reading.product.variants[0].allow_backorder) == (0, False)
        assert said(reading) == [(2, "Variant Inventory Qty", "note")]

    def test_have_no_quantity_where_the_cell_is_blank(self) -> None:
        assert product_of(shirt(variant_inventory_qty="")).variants[0].quantity is None

    @pytest.mark.parametrize(
        ("compare_at", "former", "findings"),
        [
            ("60", Decimal("60.00"), []),
            ("49.00", None, [(2, "Variant Compare At Price", "note")]),
            ("30", None, [(2, "Variant Compare At Price", "note")]),
            ("0.00", None, []),
        ],
    )
    def test_have_a_former_price_only_if_it_is_higher(
        self, compare_at: str, former: Decimal | None, findings: list[object]
    ) -> None:
        reading = reading_of(shirt(variant_compare_at_price=compare_at))

        assert reading.product is not None
        assert reading.product.variants[0].compare_price == former
        assert said(reading) == findings

    def test_may_cost_nothing_and_that_is_noted(self) -> None:
        reading = reading_of(shirt(variant_price="0.00"))

        assert reading.product is not None
        assert said(reading) == [(2, "Variant Price", "note")]

    def test_keep_the_cells_of_columns_without_a_field(self) -> None:
        product = product_of(
            shirt(variant_tax_code="P1") | {"Fabric": "linen"},
            more(option1_value="L", variant_inventory_tracker="amazon") | {"Fabric": "cotton"},
        )

        assert [v.kept for v in product.variants] == [
            {"Variant Tax Code": "P1"},
            {"Variant Inventory Tracker": "amazon"},
        ]
        assert product.kept == {"Fabric": "linen"}


class TestOptions:
    def test_keep_their_places_where_one_is_empty(self) -> None:
        product = product_of(shirt(option1_value="", option2_name="Colour", option2_value="Blue"))

        assert product.options == [{"name": "Size", "values": []}, {"name": "Colour", "values": ["Blue"]}]

    def test_are_named_by_number_where_the_file_does_not(self) -> None:
        assert product_of(shirt(option1_name="")).options == [{"name": "Option 1", "values": ["M"]}]

    def test_take_their_names_from_any_row(self) -> None:
        product = product_of(shirt(option1_name=""), more(option1_value="L"))

        assert product.options == [{"name": "Size", "values": ["M", "L"]}]


class TestVisibility:
    @pytest.mark.parametrize(
        ("cells", "active", "published"),
        [
            ({}, True, True),
            ({"status": "active", "published": "true"}, True, True),
            ({"status": "Active", "published": "FALSE"}, True, False),
            ({"status": "draft", "published": "true"}, False, True),
            ({"status": "archived"}, False, True),
            ({"published": "false"}, True, False),
        ],
    )
    def test_follows_status_and_published(self, cells: dict[str, str], active: bool, published: bool) -> None:
        product = product_of(shirt(**cells))

        assert (product.is_active, product.is_published) == (active, published)

    def test_remembers_that_a_product_is_archived(self) -> None:
        assert product_of(shirt(status="archived")).kept == {"Status": "archived"}
        assert product_of(shirt(status="draft")).kept == {}

    def test_knows_gift_cards(self) -> None:
        product = product_of(shirt(gift_card="true"))

        assert (product.is_digital, product.kept) == (True, {"Gift Card": "TRUE"})


class TestImages:
    def test_stand_in_the_order_of_their_positions_each_once(self) -> None:
        product = product_of(
            shirt(image_src="https://cdn.example/2.jpg", image_position="2", image_alt_text="Back"),
            {"Handle": "linen-shirt", "Image Src": "https://cdn.example/1.jpg", "Image Position": "1"},
            {"Handle": "linen-shirt", "Image Src": "https://cdn.example/9.jpg"},
            {"Handle": "linen-shirt", "Image Src": "https://cdn.example/2.jpg", "Image Position": "7"},
        )

        assert product.images == [
            {"url": "https://cdn.example/1.jpg"},
            {"url": "https://cdn.example/2.jpg", "alt": "Back"},
            {"url": "https://cdn.example/9.jpg"},
        ]

    def test_refuse_addresses_that_run_scripts(self) -> None:
        reading = reading_of(shirt(image_src="javascript:alert(1)"))

        assert reading.product is None
        assert said(reading) == [(2, "Image Src", "product")]


class TestDescriptions:
    def test_lose_scripts_and_keep_the_rest(self) -> None:
        body = '<p onclick="steal()">Cool <b>linen</b>.</p><script>steal()</script>'

        assert product_of(shirt(body_html=body)).description == "<p>Cool <b>linen</b>.</p>"

    def test_are_none_when_nothing_is_left(self) -> None:
        assert product_of(shirt(body_html="<script>steal()</script>")).description is None

    def test_are_safe_whatever_comes(self) -> None:
        for case in json.loads(shared("conformance/html/dompurify_cases.json").read_text(encoding="utf-8")):
            clean = safe_html(case["payload"]) or ""
            danger = Danger()
            danger.feed(clean)
            assert danger.found == [], case["payload"]
            assert safe_html(clean) == (clean or None)


class Danger(HTMLParser):
    """Finds what could run in a browser."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"script", "style", "iframe", "object", "embed", "form", "svg", "math", "base", "meta", "link"}:
            self.found.append(tag)
        for name, value in attrs:
            words = re.sub(r"[\s\x00-\x20\u00a0\u1680\u180e\u2000-\u200f\ufeff]", "", value or "").lower()
            if name.startswith("on") or words.startswith(("javascript:", "vbscript:", "data:")):
                self.found.append(f"{name}={value}")
