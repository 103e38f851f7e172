"""Giving up what a return was promised: has the gateway given it back? If not, the ledger says who decided, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from apps.core.ids import new_id
from apps.payments.contracts import WaiveRefund
from apps.payments.gateways.base import Gateway, Refunded
from apps.payments.gateways.current import current_gateway
from apps.payments.statements import SQL
from apps.sagas.messages import Unknown

from .giving_back import NotedRefund, noted_refunds, record_refunds

Found = Refunded | Unknown | None
NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenUp:
    """One refund that two people gave up, and who they are."""

    asked: WaiveRefund
    refund: NotedRefund


def note_refund_waivers(*, asked: Sequence[tuple[UUID, WaiveRefund]]) -> list[GivenUp | Decimal]:
    """
    Note that refunds are asked of the gateway no more than they were, in the caller's transaction; in one statement.

    A promise that this database lost is made anew, to be given up.

    Args:
        asked: each with the key the refund was asked under, the identity of the saga's effect.

    Returns:
        In the order asked, what the gateway is to be looked up for; or the amount that is given up already, zero for
        what went back, and where nothing was promised.

    Raises:
        RefundAlreadyReleased, NothingToRefund, AnotherRefundHasThisReceipt: nothing of the batch may be committed.

    Source: statement sql/note_refunds.sql.
    """
    return [_given_up(ask, refund) for (_, ask), refund in zip(asked, noted_refunds(asked), strict=True)]


def _given_up(asked: WaiveRefund, refund: NotedRefund | None) -> GivenUp | Decimal:
    if refund is not None and refund.is_open:
        return GivenUp(asked=asked, refund=refund)
    return asked.amount if refund is not None and refund.state == "waived" else NOTHING


def look_for_refunds(*, given_up: Sequence[GivenUp], gateway: Gateway | None = None) -> Sequence[Found]:
    """
    Ask the gateway what became of each refund, with no transaction open; nothing is given back.

    Args:
        given_up: as note_refund_waivers returned them.
        gateway: None for the configured one.

    Returns:
        The gateway's word on each, in order; None where it has not heard of the refund.
    """
    gateway = gateway or current_gateway()
    return gateway.find_refunds([one.refund.request for one in given_up])


def record_refund_waivers(*, given_up: Sequence[GivenUp], results: Sequence[Found]) -> list[Decimal | Unknown]:
    """
    Note what the gateway gave back after all, and the ledger's adjustment for the rest, in the caller's transaction.

    Args:
        given_up: as note_refund_waivers returned them.
        results: one each, as look_for_refunds returned them.

    Returns:
        What was given up of each, in order, zero where it went back; Unknown while the gateway does not say.

    Source: statement sql/waive_refunds.sql, rule waiver_is_by_two_people.
    """
    answered = [(one, found) for one, found in zip(given_up, results, strict=True) if not isinstance(found, Unknown)]
    given_back = [(one.refund, found) for one, found in answered if found is not None]
    if given_back:
        record_refunds(refunds=[refund for refund, _ in given_back], results=[found for _, found in given_back])
    waived = _waive([one for one, found in answered if found is None])
    return [
        found if isinstance(found, Unknown) else waived.get(one.asked.receipt_id, NOTHING)
        for one, found in zip(given_up, results, strict=True)
    ]


def _waive(given_up: Sequence[GivenUp]) -> dict[UUID, Decimal]:
    """Write the waivers; return what is given up by receipt, without those that a late worker gave back meanwhile."""
    SQL.run("lock_payments", order_ids=[one.asked.order_id for one in given_up])
    rows = SQL.rows(
        "waive_refunds",
        receipt_ids=[one.asked.receipt_id for one in given_up],
        line_ids=[new_id() for _ in given_up],
        line_keys=[one.refund.waiver_key for one in given_up],
        proposed_by=[one.asked.proposed_by for one in given_up],
        approved_by=[one.asked.approved_by for one in given_up],
        reasons=[one.asked.waived_because for one in given_up],
    )
    return {row["receipt_id"]: row["amount"] for row in rows}
