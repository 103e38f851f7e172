"""Placed orders, written as the checkout writes them, for tests and benchmarks that begin where the saga begins."""

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from apps.core.ids import new_id
from apps.orders.models import Order, OrderLineItem
from apps.orders.sagas.order_processing import ORDER_PROCESSING
from apps.orders.sagas.send import OrderProcessing, ProcessedLine
from apps.sagas.definition import Saga
from apps.sagas.orchestrator import Start, begin

from .customer import ADDRESS, APPROVED
from .shop import PRICE

CHUNK = 500
NOTHING = Decimal("0.00")
Basket = Sequence[UUID]
"""The variants of one order, a piece of each."""


def place_orders(
    baskets: Sequence[Basket], *, payment_method: str = APPROVED, saga: Saga = ORDER_PROCESSING
) -> list[UUID]:
    """Place an order for each basket, all in one commit; return their ids."""
    with transaction.atomic(using="orders"):
        return [
            order_id
            for start in range(0, len(baskets), CHUNK)
            for order_id in _place(baskets[start : start + CHUNK], payment_method, saga)
        ]


def _place(baskets: Sequence[Basket], payment_method: str, saga: Saga) -> list[UUID]:
    orders = [_order(len(basket)) for basket in baskets]
    Order.objects.bulk_create(orders)
    OrderLineItem.objects.bulk_create(
        OrderLineItem(
            order_id=order.id,
            product_id=variant_id,
            variant_id=variant_id,
            quantity=1,
            price=PRICE,
            original_price=PRICE,
            title="Product",
        )
        for order, basket in zip(orders, baskets, strict=True)
        for variant_id in basket
    )
    starts = [_start(saga, order, basket, payment_method) for order, basket in zip(orders, baskets, strict=True)]
    begin(starts, actor="test")
    return [order.id for order in orders]


def _order(lines: int) -> Order:
    order_id = new_id()
    return Order(
        id=order_id,
        order_number=f"T-{order_id.hex[-12:]}",
        email="ann@example.com",
        status="processing",
        subtotal_price=lines * PRICE,
        total_price=lines * PRICE,
        billing_address=ADDRESS,
        shipping_address=ADDRESS,
    )


def _start(saga: Saga, order: Order, basket: Basket, payment_method: str) -> Start:
    lines = tuple(
        ProcessedLine(
            variant_id=variant_id, quantity=1, unit_price=PRICE, total=PRICE, title="Product", variant_title="Variant"
        )
        for variant_id in basket
    )
    data = OrderProcessing(
        order_id=order.id,
        order_number=order.order_number,
        user_id=None,
        email=order.email,
        currency="USD",
        subtotal_price=order.subtotal_price,
        shipping_price=NOTHING,
        total_tax=NOTHING,
        total_discounts=NOTHING,
        total_price=order.total_price,
        payment_method=payment_method,
        lines=lines,
    )
    return Start(saga=saga, saga_id=new_id(), subject_id=order.id, order_id=order.id, data=data)
