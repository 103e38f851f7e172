"""What the catalogue tells those who ask."""

from .audit import Finding, audit_inventory
from .offers import Offer, list_offers

__all__ = ["Finding", "Offer", "audit_inventory", "list_offers"]
