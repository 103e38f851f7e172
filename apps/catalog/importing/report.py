"""What an import came to, in numbers. The findings themselves are in the scratch file: there may be many."""

from dataclasses import asdict, dataclass, field
from typing import Any

from .drafts import Seen
from .writing import Written


@dataclass(slots=True)
class Tally:
    """How many of a kind were new, differed, were the same, and were refused."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: int = 0


@dataclass(slots=True)
class Report:
    """
    What an import came to, or would come to where it `is_dry`.

    `rows` counts the rows under the header, `blank_rows` those of them without a word, `refused_rows` those named as
    refused, `rows_of_refused_products` all that are left out with them, `noted` the notes. `seen` is what the file
    says, before any rule; `stock_stored` the pieces that its variants have in stock now. `not_in_file` counts the
    variants in the shop that belong to the file's products and that the file does not name: they are left alone.
    """

    file: str
    layout: str
    encoding: str
    encoding_note: str | None
    is_dry: bool
    rows: int = 0
    blank_rows: int = 0
    refused_rows: int = 0
    rows_of_refused_products: int = 0
    noted: int = 0
    seen: Seen = field(default_factory=Seen)
    products: Tally = field(default_factory=Tally)
    variants: Tally = field(default_factory=Tally)
    categories_created: int = 0
    stock_stored: int = 0
    not_in_file: int = 0
    seconds: float = 0.0

    @property
    def has_imported(self) -> bool:
        """Whether anything of the file stands in the shop now, or would."""
        return self.products.created + self.products.updated + self.products.unchanged > 0

    def add(self, written: Written) -> None:
        """Count in what came of one transaction."""
        self.products.created += written.products_created
        self.products.updated += written.products_updated
        self.variants.created += written.variants_created
        self.variants.updated += written.variants_updated
        self.products.unchanged += written.products - written.products_created - written.products_updated
        self.variants.unchanged += written.variants - written.variants_created - written.variants_updated
        self.products.refused += len(written.refused)
        self.variants.refused += written.variants_refused
        self.stock_stored += written.stock
        self.not_in_file += written.not_in_file

    def as_dict(self) -> dict[str, Any]:
        """Return the report as JSON values, under the names that stand in docs/importing.md."""
        return {
            "file": self.file,
            "dry_run": self.is_dry,
            "layout": self.layout,
            "encoding": self.encoding,
            "encoding_note": self.encoding_note,
            "seconds": round(self.seconds, 3),
            "rows": {
                "read": self.rows,
                "blank": self.blank_rows,
                "refused": self.refused_rows,
                "of_refused_products": self.rows_of_refused_products,
            },
            "in_file": {name: count for name, count in asdict(self.seen).items() if name != "rows"},
            "products": asdict(self.products),
            "variants": asdict(self.variants) | {"not_in_file": self.not_in_file},
            "categories": {"created": self.categories_created},
            "stock": {"in_file": self.seen.stock, "stored": self.stock_stored},
            "noted": self.noted,
        }
