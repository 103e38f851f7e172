"""Short ways for tests to search."""

from itertools import count

from apps.catalog.selectors import list_products, search_products
from apps.catalog.services import move_search_tiers, recount_search_words

from .factories import ProductFactory

# No word of a name stands in the SKUs.
NUMBERS = count(100)


def shop(*names, **fields):
    """Put products of these names into the catalogue, and let the search know them."""
    products = [ProductFactory(**{"name": name, "sku": f"N{next(NUMBERS)}"} | fields) for name in names]
    settle()
    return products


def settle():
    move_search_tiers()
    recount_search_words()


def found(text):
    """The names of what a search finds, the best first."""
    matches = search_products(list_products(), text=text).matches
    names = dict(list_products().values_list("id", "name"))
    return [names[match.id] for match in matches]
