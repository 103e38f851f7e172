"""A backlog of placed orders, as if checkouts had gone on while every worker was down."""

import random
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from apps.core.ids import new_id
from apps.orders.models import Order, OrderLineItem
from apps.orders.sagas.order_processing import ORDER_PROCESSING
from apps.orders.sagas.send import OrderProcessing, ProcessedLine
from apps.sagas.orchestrator import Start, begin
from ecommerce.testing.shop import PRICE

ADDRESS = {"name": "Ann Doe", "line1": "1 Main St", "city": "Springfield", "postal_code": "12345", "country": "US"}
CHUNK = 500


def place(count: int, variants: list[UUID], *, seed: int = 1) -> None:
    """Place that many orders of two lines each, in one commit."""
    chooser = random.Random(seed)  # noqa: S311
    with transaction.atomic(using="orders"):
        for start in range(0, count, CHUNK):
            _place(min(CHUNK, count - start), variants, chooser)


def _place(count: int, variants: list[UUID], chooser: random.Random) -> None:
    orders = [
        Order(
            id=new_id(),
            email="ann@example.com",
            status="processing",
            subtotal_price=2 * PRICE,
            total_price=2 * PRICE,
            billing_address=ADDRESS,
            shipping_address=ADDRESS,
        )
        for _ in range(count)
    ]
    Order.objects.bulk_create(orders)
    chosen = {order.id: chooser.sample(variants, 2) for order in orders}
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
        for order in orders
        for variant_id in chosen[order.id]
    )
    begin([_start(order, chosen[order.id]) for order in orders])


def _start(order: Order, variants: list[UUID]) -> Start:
    lines = tuple(
        ProcessedLine(
            variant_id=variant_id, quantity=1, unit_price=PRICE, total=PRICE, title="Product", variant_title="Variant"
        )
        for variant_id in variants
    )
    data = OrderProcessing(
        order_id=order.id,
        order_number=order.order_number or str(order.id),
        user_id=None,
        email=order.email,
        currency="USD",
        subtotal_price=2 * PRICE,
        shipping_price=Decimal("0.00"),
        total_tax=Decimal("0.00"),
        total_discounts=Decimal("0.00"),
        total_price=2 * PRICE,
        payment_method="test_4242424242424242",
        lines=lines,
    )
    return Start(saga=ORDER_PROCESSING, saga_id=new_id(), subject_id=order.id, order_id=order.id, data=data)
