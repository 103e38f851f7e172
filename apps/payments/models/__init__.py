"""
The payments database: what is asked of the gateway, what it answered, and the ledger of the money that moved.

`payment_attempts` is the state machine: one row an effect of a saga, its id the key by which the gateway knows it.
`payments` is the summary of an order, folded from its attempts and its ledger lines. Amounts are `numeric(19,4)` in the
row's `currency` (ISO 4217).
"""

from .attempts import PaymentAttempt
from .ledger import LedgerLine, Refund
from .messages import OutboxEvent, SagaInbox
from .methods import PaymentMethod
from .payments import Payment
from .webhooks import WebhookEvent

__all__ = [
    "LedgerLine",
    "OutboxEvent",
    "Payment",
    "PaymentAttempt",
    "PaymentMethod",
    "Refund",
    "SagaInbox",
    "WebhookEvent",
]
