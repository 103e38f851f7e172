"""The orders that workers die over: what kind each is, how it must end, and the books that must agree then."""

from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from apps.payments.testing import RunningGateway
from apps.sagas.verification import find_broken_histories
from ecommerce.testing.books import fetch, ledger_of, saga_status, sold_of, stock_of
from ecommerce.testing.mail_sink import MailLog
from ecommerce.testing.orders import place_orders
from ecommerce.testing.shop import make_variants
from ecommerce.testing.witnesses import broken_promises

POINTS = (
    "after_claim",
    "before_participant_commit",
    "after_participant_commit",
    "before_intent_commit",
    "after_intent",
    "after_perform",
    "before_record_commit",
    "after_record",
    "before_settle_commit",
    "after_settle",
    "after_fence",
    "mails_marked_sending",
    "mails_handed_over",
)
"""The places a worker passes."""
CHECKOUT_POINTS = ("before_begin_commit", "after_begin_commit")
"""The places a checkout passes."""
ANSWER_POINTS = ("before_answer_commit",)
"""The place passed by whoever answers what people ask of a saga."""
MOST_PASSES = 20
PAYING = frozenset(
    {"before_intent_commit", "after_intent", "after_perform", "before_record_commit", "after_record", "after_fence"}
)
FENCING = frozenset({"after_fence"})
MAILING = frozenset({"mails_marked_sending", "mails_handed_over"})


@dataclass(frozen=True)
class Story:
    """What kind of order it is, how it must end, and which of the places nobody passes who works on it undisturbed."""

    name: str
    card: str
    stock: int
    ends: str
    unpassed: frozenset[str]
    overdue: bool = False

    def passes(self, point: str) -> bool:
        """Whether who works on it undisturbed comes to a place."""
        return point not in self.unpassed


PAID = Story("paid", "test_4242424242424242", 5, "confirmed", FENCING)
DECLINED = Story("declined", "test_4000000000000002", 5, "failed", MAILING)
# Its deadline passes while the first worker is dead: what was charged meanwhile is paid back.
OVERDUE = Story("overdue", "test_4242424242424242", 5, "either", FENCING, overdue=True)
STORIES = (PAID, DECLINED, Story("sold_out", "test_4242424242424242", 0, "failed", PAYING | MAILING), OVERDUE)


def begin(story: Story) -> tuple[UUID, list[UUID]]:
    """Place one order of the story; return it with its two variants."""
    variants = make_variants(stock=story.stock, variants=2)
    (order_id,) = place_orders([variants], payment_method=story.card)
    return order_id, variants


def let_the_deadline_pass(order_id: UUID) -> None:
    fetch(
        "orders",
        "UPDATE saga_transactions SET deadline_at = clock_timestamp(), due_at = clock_timestamp()"
        " WHERE order_id = %s AND finished_at IS NULL RETURNING id",
        order_id,
    )


def mails_to(order_id: UUID, mailbox: Path) -> int:
    number = fetch("orders", "SELECT order_number FROM orders WHERE id = %s", order_id)[0][0]
    return sum("\nSubject: " in mail and number in mail for mail in (file.read_text() for file in mailbox.iterdir()))


def check_books(order_id: UUID, story: Story, variants: list[UUID], gateway: RunningGateway, mailbox: Path) -> None:
    """The order, the stock, the ledger, the gateway, the mails and the history tell one story, in a possible order."""
    assert broken_promises([order_id], gateway=gateway, mails=MailLog(mailbox.parent)) == []
    ((status, paid),) = fetch("orders", "SELECT status, total_price FROM orders WHERE id = %s", order_id)
    assert story.ends in (status, "either")
    charged = [charge for charge in gateway.charges(order_id) if charge["state"] == "succeeded"]
    if status == "confirmed":
        assert saga_status(order_id) == "completed"
        assert [(stock_of(v), sold_of(v)) for v in variants] == [((story.stock - 1, 0), 1)] * 2
        assert ledger_of(order_id) == [("capture", paid)]
        assert len(charged) == 1
        assert mails_to(order_id, mailbox) <= 1
    else:
        assert saga_status(order_id) == "failed"
        assert [(stock_of(v), sold_of(v)) for v in variants] == [((story.stock, 0), 0)] * 2
        assert ledger_of(order_id) in ([], [("capture", paid), ("refund", -paid)])
        assert all(charge["refunded"] == charge["amount"] for charge in charged)
        assert len(charged) == (1 if ledger_of(order_id) else 0)
        assert mails_to(order_id, mailbox) == 0
    ((saga_id, began_at),) = fetch(
        "orders", "SELECT id, created_at FROM saga_transactions WHERE order_id = %s", order_id
    )
    assert [one for one in find_broken_histories(since=began_at) if one.saga_id == saga_id] == []
