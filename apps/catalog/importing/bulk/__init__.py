"""Prices and activation from a CSV file of any length: row by row checked, chunk by chunk written."""

from .jobs import ActivationJob, PriceJob
from .report import BulkReport
from .running import run

__all__ = ["ActivationJob", "BulkReport", "PriceJob", "run"]
