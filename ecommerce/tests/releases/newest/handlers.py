"""What this release registers: the next version alone."""

from apps.sagas.registry import SAGAS, register
from apps.sagas.tests import tea_next

SAGAS.pop(("serve_tea", 1))
register(tea_next.SERVE_TEA_2)
tea_next.open_kitchen()
