"""The files in which taxonomies are published."""

import json
from pathlib import Path

import pytest

from apps.catalog.importing.errors import UnreadableFile
from apps.catalog.importing.taxonomy.reading import Taxonomy, read_taxonomy
from apps.core.testing.shared import shared

LIST = """# Shopify Product Taxonomy - Categories: 2025-06
# Format: {GID} : {Ancestor name} > ... > {Category name}

gid://shopify/TaxonomyCategory/aa     : Apparel
gid://shopify/TaxonomyCategory/aa-1   : Apparel > Clothing: Warm
gid://shopify/TaxonomyCategory/aa-1-2 : Apparel > Clothing: Warm > Shirts
"""
JSON = {
    "version": "2024-07",
    "verticals": [
        {
            "name": "Apparel",
            "prefix": "aa",
            "categories": [
                {"id": "aa", "name": "Apparel", "parent_id": None},
                {"id": "gid://shopify/TaxonomyCategory/aa-1", "name": "Clothing", "parent_id": "aa"},
            ],
        }
    ],
}
NESTED = """# Google Product Taxonomy with Nested Set Model

   1 | [   1-   6] | Animals
     2 | [   2-   3] | Live
     3 | [   4-   5] | Pets
   5 | [   9-  12] | Arts
   6 | [  13-  14] | Arts & Crafts
     7 | [  10-  11] | Paint
"""
GOOGLE = """# Google_Product_Taxonomy_Version: 2021-09-21
1 - Animals
3237 - Animals > Live
"""


@pytest.fixture
def read(tmp_path: Path):
    def read_text(text: str) -> Taxonomy:
        file = tmp_path / "taxonomy.txt"
        file.write_text(text, encoding="utf-8")
        return read_taxonomy(file)

    return read_text


def rows(taxonomy: Taxonomy):
    return [(entry.id, entry.parent_id, entry.name, entry.path) for entry in taxonomy.entries]


class TestReadTaxonomy:
    def test_reads_shopifys_list(self, read):
        taxonomy = read(LIST)

        assert (taxonomy.name, taxonomy.version) == ("shopify", "2025-06")
        assert rows(taxonomy) == [
            ("aa", None, "Apparel", "Apparel"),
            ("aa-1", "aa", "Clothing: Warm", "Apparel > Clothing: Warm"),
            ("aa-1-2", "aa-1", "Shirts", "Apparel > Clothing: Warm > Shirts"),
        ]

    def test_reads_shopifys_json(self, read):
        taxonomy = read(json.dumps(JSON))

        assert (taxonomy.name, taxonomy.version) == ("shopify", "2024-07")
        assert rows(taxonomy) == [
            ("aa", None, "Apparel", "Apparel"),
            ("aa-1", "aa", "Clothing", "Apparel > Clothing"),
        ]

    def test_reads_nested_sets(self, read):
        assert rows(read(NESTED)) == [
            ("1", None, "Animals", "Animals"),
            ("2", "1", "Live", "Animals > Live"),
            ("3", "1", "Pets", "Animals > Pets"),
            ("5", None, "Arts", "Arts"),
            ("7", "5", "Paint", "Arts > Paint"),
            ("6", None, "Arts & Crafts", "Arts & Crafts"),
        ]

    def test_reads_googles_list(self, read):
        taxonomy = read(GOOGLE)

        assert (taxonomy.name, taxonomy.version) == ("google", "2021-09-21")
        assert rows(taxonomy) == [("1", None, "Animals", "Animals"), ("3237", "1", "Live", "Animals > Live")]

    @pytest.mark.parametrize(
        ("text", "why"),
        [
            ("", "is no taxonomy"),
            ("# nothing\n", "is no taxonomy"),
            ("Handle,Title\nshirt,Shirt\n", "is no taxonomy"),
            ("{}", "not Shopify's taxonomy"),
            ('{"version": "1", "verticals": []}', "holds no category"),
            (LIST + "a line\n", "Line 7 of"),
            (LIST + "gid://shopify/TaxonomyCategory/bb-1 : Bags > Purses\n", "stands below 'Bags'"),
            (LIST + "gid://shopify/TaxonomyCategory/aa : Again\n", "names the category aa twice"),
            (NESTED + "8 | [ 20- 19] | Odd\n", "do not nest"),
            (NESTED + "8 | [ 8- 10] | Odd\n", "do not nest"),
            (f"1 - {'x' * 256}\n", "too long"),
        ],
    )
    def test_says_why_it_cannot(self, read, text, why):
        with pytest.raises(UnreadableFile, match=why):
            read(text)

    @pytest.mark.parametrize(
        ("file", "name", "version", "number", "last"),
        [
            ("shopify_categories_2025-06-unstable.txt", "shopify", "2025-06-unstable", 10_595, 8),
            ("shopify_taxonomy_2024-07_en.json", "shopify", "2024-07", 10_281, 8),
            ("google_taxonomy-with-ids.en-US.txt", "google", None, 5_595, 7),
        ],
    )
    def test_reads_what_is_published(self, file, name, version, number, last):
        taxonomy = read_taxonomy(shared("taxonomies") / file)

        assert (taxonomy.name, taxonomy.version, len(taxonomy.entries)) == (name, version, number)
        assert max(entry.path.count(" > ") + 1 for entry in taxonomy.entries) == last
