"""Which form a file has, told by its header, and its rows."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from apps.catalog.importing.encoding import Encoding
from apps.catalog.importing.layout import folded
from apps.catalog.importing.rows import Row, opened
from apps.catalog.importing.terms import Shelving, Terms

from .forms import Form
from .medusa import MedusaForm
from .saleor import SaleorForm
from .shopify import ShopifyForm
from .spree import SpreeForm

SALEOR = "saleor"
# Each form of CSV files with the columns by which it is known; what none knows is Shopify's.
FORMS: dict[str, tuple[Callable[[Sequence[str], Terms], Form], frozenset[str]]] = {
    "spree": (SpreeForm, frozenset({"slug", "name", "price"})),
    "medusa": (MedusaForm, frozenset({"product handle", "product title", "variant id"})),
    "shopify": (ShopifyForm, frozenset()),
}
NAMES = (*FORMS, SALEOR)


@dataclass(frozen=True, slots=True)
class Opened:
    """An open product file: its form, its rows, once, and the byte up to which it was read."""

    form: Form
    rows: Iterable[Row]
    tell: Callable[[], int]

    @property
    def position(self) -> int:
        """The byte of the file that was read up to, for progress."""
        return self.tell()


@contextmanager
def opened_in_form(path: Path, encoding: Encoding, terms: Terms) -> Iterator[Opened]:
    """
    Open a product file in the form that its user names, or else in the one that it shows.

    Raises:
        UnreadableFile: it has not what its form must have.
    """
    if terms.form == SALEOR or (terms.form is None and is_json(path, encoding)):
        dump = SaleorForm(path.read_text(encoding=encoding.codec, errors=encoding.errors), terms)
        yield Opened(shelved(dump, terms), dump.rows(), lambda: path.stat().st_size)
        return
    with opened(path, encoding) as source:
        make, _ = FORMS[terms.form or name_of(source.header)]
        form = make(source.header, terms)
        source.pads_short_rows = form.pads_short_rows
        yield Opened(shelved(form, terms), source.rows, lambda: source.position)


def name_of(header: Sequence[str]) -> str:
    columns = {folded(cell) for cell in header}
    return next(name for name, (_, signs) in FORMS.items() if signs <= columns)


def is_json(path: Path, encoding: Encoding) -> bool:
    with path.open(encoding=encoding.codec, errors=encoding.errors) as file:
        return file.read(200).lstrip().startswith("[")


def shelved(form: Form, terms: Terms) -> Form:
    """Let a form know no categories where they are to be ignored."""
    if terms.categories is Shelving.IGNORE:
        form.layout = form.layout.without("category", "more_categories")
    return form
