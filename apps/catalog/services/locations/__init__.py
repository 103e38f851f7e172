"""
Stock place by place, for variants that are located; a variant that is not costs nothing here.

A variant's own numbers stay the sums over its places. Whoever changes them has locked the variant, then changes its
levels by these; so levels need no locks of their own, and the places themselves are only kept from being closed.
"""

from .levels import LevelChange, Shelves, move_levels, read_shelves, settle_levels, write_levels
from .orders import hold_levels, release_levels, sell_levels
from .places import (
    CodeTaken,
    LastLocation,
    LocationInUse,
    LocationNotFound,
    add_location,
    change_location,
    find_places,
    locate,
    locate_stock,
)

__all__ = [
    "CodeTaken",
    "LastLocation",
    "LevelChange",
    "LocationInUse",
    "LocationNotFound",
    "Shelves",
    "add_location",
    "change_location",
    "find_places",
    "hold_levels",
    "locate",
    "locate_stock",
    "move_levels",
    "read_shelves",
    "release_levels",
    "sell_levels",
    "settle_levels",
    "write_levels",
]
