"""The goods of the demo shop, as `goods/*.toml` tells of them."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from pathlib import Path
from typing import Any

from django.utils.html import escape
from django.utils.text import slugify

from apps.catalog.wording import ONLY_VARIANT

FOLDER = Path(__file__).parent / "goods"
SHELVES = "shelves.toml"
COLOUR = "Colour"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """One category. `parent` is the slug of the shelf it hangs under; `position` counts among its siblings, from 0."""

    slug: str
    name: str
    text: str
    parent: str | None
    position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """What is drawn: a motif in a colour. `file` is the name of the drawing's file, `title` says what it shows."""

    file: str
    title: str
    motif: str
    colour: str
    accent: str
    decor: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One variant. `values` are those of the options, in their order; `stock` is in pieces."""

    values: tuple[str, ...]
    title: str
    sku: str
    price: Decimal
    stock: int
    picture: Picture


@dataclass(frozen=True, slots=True, kw_only=True)
class Good:
    """One product, with its pieces and pictures, never without one. Prices are in the shop's currency."""

    slug: str
    name: str
    shelf: str
    vendor: str
    kind: str
    sku: str
    compare_price: Decimal | None
    grams: int | None
    tags: list[str]
    is_featured: bool
    is_digital: bool
    is_taxable: bool
    allows_backorder: bool
    short: str
    html: str
    options: dict[str, list[str]]
    pieces: tuple[Piece, ...]
    pictures: tuple[Picture, ...]

    @property
    def price(self) -> Decimal:
        """What the product shows: the price of its cheapest piece."""
        return min(piece.price for piece in self.pieces)


def read_shelves() -> list[Shelf]:
    """Return every shelf, parents before their children."""
    return list(shelves_below(None, read(SHELVES)["shelves"]))


def shelves_below(parent: str | None, told: Sequence[Mapping[str, Any]]) -> Iterator[Shelf]:
    for position, shelf in enumerate(told):
        slug = slugify(shelf["name"])
        yield Shelf(slug=slug, name=shelf["name"], text=shelf["text"], parent=parent, position=position)
        yield from shelves_below(slug, shelf.get("shelves", ()))


def read_goods() -> list[Good]:
    """Return every product, file by file."""
    names = sorted(path.name for path in FOLDER.glob("*.toml") if path.name != SHELVES)
    return [good_of(told) for name in names for told in read(name)["products"]]


def read(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))


def good_of(told: Mapping[str, Any]) -> Good:
    slug = slugify(told["name"])
    options: dict[str, list[str]] = told.get("options", {})
    pictures = pictures_of(told, slug, options.get(COLOUR, ()))
    return Good(
        slug=slug,
        name=told["name"],
        shelf=slugify(told["shelf"]),
        vendor=told["vendor"],
        kind=told["type"],
        sku=told["sku"],
        compare_price=Decimal(told["compare"]) if "compare" in told else None,
        grams=told.get("grams"),
        tags=told["tags"],
        is_featured=told.get("featured", False),
        is_digital=told.get("digital", False),
        is_taxable=told.get("taxable", True),
        allows_backorder=told.get("backorder", False),
        short=told["short"],
        html=html_of(told["text"]),
        options=options,
        pieces=tuple(pieces_of(told, options, pictures)),
        pictures=tuple(pictures.values()),
    )


def pieces_of(
    told: Mapping[str, Any], options: Mapping[str, Sequence[str]], pictures: Mapping[str | None, Picture]
) -> Iterator[Piece]:
    """Yield a piece for each combination of the options' values, the last option turning fastest."""
    combinations = list(product(*options.values()))
    stocks = [0] * len(combinations) if told.get("digital") else told["stock"]
    for values, stock in zip(combinations, stocks, strict=True):
        by_option = dict(zip(options, values, strict=True))
        prices = [price for value in values if (price := told.get("prices", {}).get(value))]
        yield Piece(
            values=values,
            title=" / ".join(values) or ONLY_VARIANT,
            sku="-".join([told["sku"], *(slugify(value).upper() for value in values)]),
            price=Decimal(prices[0] if prices else told["price"]),
            stock=stock,
            picture=pictures[by_option.get(COLOUR)],
        )


def pictures_of(told: Mapping[str, Any], slug: str, colours: Sequence[str]) -> dict[str | None, Picture]:
    """Return one picture a colour, by the colour's name, or the only one, by None."""
    drawn: dict[str, str] = told["picture"]
    return {
        colour: Picture(
            file=f"{slug}-{colour.lower()}.svg" if colour else f"{slug}.svg",
            title=f"{told['name']} in {colour.lower()}" if colour else told["name"],
            motif=drawn["motif"],
            colour=colour.lower() if colour else drawn["colour"],
            accent=drawn["accent"],
            decor=drawn.get("decor"),
        )
        for colour in colours or (None,)
    }


def html_of(text: str) -> str:
    """Return paragraphs that blank lines part as HTML."""
    return "".join(f"<p>{escape(part.strip())}</p>" for part in text.split("\n\n") if part.strip())
