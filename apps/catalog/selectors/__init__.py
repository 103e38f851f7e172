"""What the catalogue tells those who ask."""

from .offers import Offer, list_offers

__all__ = ["Offer", "list_offers"]
