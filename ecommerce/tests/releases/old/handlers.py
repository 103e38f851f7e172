"""What this release registers: the tea house as it was."""

from apps.sagas.tests import tea_house

__all__ = ["tea_house"]
