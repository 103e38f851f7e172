"""What this release registers: the tea house, and its next version beside it."""

from apps.sagas.registry import register, register_crossing
from apps.sagas.tests import tea_next

register(tea_next.SERVE_TEA_2)
register_crossing(tea_next.TO_2)
tea_next.open_kitchen()
