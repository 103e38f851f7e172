"""Finding products by words: a query is read, mended where it is misspelt, and its products are gathered and ranked."""

from .finding import SEARCH_WINDOW, Found, Match, search_products
from .suggesting import Suggestions, suggest

__all__ = ["SEARCH_WINDOW", "Found", "Match", "Suggestions", "search_products", "suggest"]
