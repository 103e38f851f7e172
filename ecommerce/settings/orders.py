"""Checkout: what shipping costs, and how long an order may be under way."""

from decimal import Decimal

from .environment import env

# What shipping an order costs, by the method's name, in SHOP_CURRENCY; the first is used when a buyer names none.
SHIPPING_PRICES = {
    name: Decimal(price)
    for name, price in env.dict("SHIPPING_PRICES", default={"standard": "4.95", "express": "14.95"}).items()
}

# An order that is not confirmed after so long is undone: what it holds is given back.
ORDER_DEADLINE_SECONDS = env.int("ORDER_DEADLINE_SECONDS", default=3600)
