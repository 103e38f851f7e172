"""What the sagas of orders carry, and the commands they build from it. Pure: no Django."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from apps.catalog import contracts as catalog
from apps.notifications import contracts as notifications
from apps.orders import contracts as orders
from apps.payments import contracts as payments
from apps.sagas.definition import Cause, Waiver


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessedLine:
    """One line of the order, as it was bought; `quantity` in pieces, prices in the order's currency."""

    variant_id: UUID
    quantity: int
    unit_price: Decimal
    total: Decimal
    title: str
    variant_title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderProcessing:
    """
    What processing an order needs to know, as it stood at checkout. Amounts in `currency` (ISO 4217).

    Each variant stands in one line. `payment_method` is the gateway's token.
    """

    order_id: UUID
    order_number: str
    user_id: UUID | None
    email: str
    currency: str
    subtotal_price: Decimal
    shipping_price: Decimal
    total_tax: Decimal
    total_discounts: Decimal
    total_price: Decimal
    payment_method: str
    lines: tuple[ProcessedLine, ...]


def reject_order(order: OrderProcessing, cause: Cause) -> orders.RejectOrder:
    """Close the order with the cause of turning back."""
    return orders.RejectOrder(order_id=order.order_id, code=cause.code, reason=cause.message)


def validate_products(order: OrderProcessing) -> catalog.ValidateProducts:
    """Check every line against the catalogue."""
    lines = tuple(
        catalog.OrderedLine(variant_id=line.variant_id, quantity=line.quantity, unit_price=line.unit_price)
        for line in order.lines
    )
    return catalog.ValidateProducts(order_id=order.order_id, currency=order.currency, lines=lines)


def release_product_validation(order: OrderProcessing, cause: Cause) -> catalog.ReleaseProductValidation:
    """Leave the tombstone of the validation."""
    return catalog.ReleaseProductValidation(order_id=order.order_id)


def reserve_inventory(order: OrderProcessing) -> catalog.ReserveInventory:
    """Hold the stock of every line."""
    lines = tuple(catalog.StockLine(variant_id=line.variant_id, quantity=line.quantity) for line in order.lines)
    return catalog.ReserveInventory(order_id=order.order_id, lines=lines)


def release_inventory(order: OrderProcessing, cause: Cause) -> catalog.ReleaseInventory:
    """Give back what is held."""
    return catalog.ReleaseInventory(order_id=order.order_id)


def process_payment(order: OrderProcessing) -> payments.ProcessPayment:
    """Take the order's total."""
    return payments.ProcessPayment(
        order_id=order.order_id,
        customer_id=order.user_id,
        amount=order.total_price,
        currency=order.currency,
        payment_method=order.payment_method,
        reference=order.order_number,
    )


def refund_payment(order: OrderProcessing, cause: Cause) -> payments.RefundPayment:
    """Make sure that none of the order's money is ours."""
    return payments.RefundPayment(order_id=order.order_id, reason=cause.code)


def waive_payment(order: OrderProcessing, waiver: Waiver) -> payments.WaivePayment:
    """Let the ledger say who gave up paying the money back."""
    return payments.WaivePayment(
        order_id=order.order_id,
        proposed_by=waiver.proposed_by,
        approved_by=waiver.approved_by,
        reason=waiver.reason,
    )


def confirm_order(order: OrderProcessing) -> orders.ConfirmOrder:
    """Confirm the order."""
    return orders.ConfirmOrder(order_id=order.order_id)


def commit_inventory(order: OrderProcessing) -> catalog.CommitInventory:
    """Turn what is held into a sale."""
    return catalog.CommitInventory(order_id=order.order_id)


def send_confirmation_email(order: OrderProcessing) -> notifications.SendConfirmationEmail:
    """Tell the buyer."""
    lines = tuple(
        notifications.ConfirmedLine(
            title=line.title,
            variant_title=line.variant_title,
            quantity=line.quantity,
            unit_price=line.unit_price,
            total=line.total,
        )
        for line in order.lines
    )
    return notifications.SendConfirmationEmail(
        order_id=order.order_id,
        order_number=order.order_number,
        email=order.email,
        currency=order.currency,
        subtotal_price=order.subtotal_price,
        shipping_price=order.shipping_price,
        total_tax=order.total_tax,
        total_discounts=order.total_discounts,
        total_price=order.total_price,
        lines=lines,
    )
