"""
What the auditor asks of the shop: whether orders, stock, money and mails say the same.

No app knows the others' tables, so what compares them stands here. Each app tells its facts through its selectors; the
gateway is asked through the services of payments.
"""

from . import mails, money, orders, returns, stock

__all__ = ["mails", "money", "orders", "returns", "stock"]
