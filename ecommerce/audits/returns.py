"""Whether returns end as their sagas, with the money that was promised, and with no more goods than came back."""

from collections.abc import Iterator, Sequence

from apps.catalog.selectors import list_restocked
from apps.orders.selectors import list_return_facts
from apps.payments.selectors import PromisedRefund, list_promised_refunds
from apps.sagas.audit import AuditedSaga, Finding, audits, of
from apps.sagas.calls import grouped

from .orders import RETURNS, facts_of

OURS = ("received", "closed")
"""What a return is once its goods are ours."""


@audits("saga")
def returns_end_as_their_sagas(sagas: Sequence[AuditedSaga]) -> Iterator[Finding]:
    """I5: a completed saga has closed its return, a failed one has left it to be received anew."""
    ended = [saga for saga in of(RETURNS, sagas) if saga.is_finished]
    facts = list_return_facts(receipt_ids=[saga.read.subject_id for saga in ended])
    for saga in ended:
        found = facts.get(saga.read.subject_id)
        if saga.has_completed and found is None:
            yield Finding("I5", saga.id, "its return is gone")
        elif found and (found.status != "closed" if saga.has_completed else found.status in OURS):
            problem = f"it has {saga.read.status}, and its return {found.return_id} is {found.status}"
            yield Finding("I5", saga.id, problem)


@audits("saga")
def closed_returns_have_their_refunds(sagas: Sequence[AuditedSaga]) -> Iterator[Finding]:
    """I5: what a completed return is worth went back or was given up, by the ledger too; a failed one moved nothing."""
    ended = [saga for saga in of(RETURNS, sagas) if saga.is_finished]
    receipts = [saga.read.subject_id for saga in ended]
    facts, promised = list_return_facts(receipt_ids=receipts), list_promised_refunds(receipt_ids=receipts)
    for saga in ended:
        found, refund = facts.get(saga.read.subject_id), promised.get(saga.read.subject_id)
        if not saga.has_completed:
            if refund and refund.state != "released":
                yield Finding("I5", saga.id, f"it has failed, and its refund of {_told(refund)}")
        elif found and found.refund and not _is_settled(refund, found.refund):
            wanted = f"its return {found.return_id} is worth {found.refund:.2f} {found.currency}"
            yield Finding("I5", saga.id, f"{wanted}, its refund {f'of {_told(refund)}' if refund else 'is not there'}")


def _is_settled(refund: PromisedRefund | None, worth: object) -> bool:
    """Whether all of it went back, or was given up by two people, of which the sum of the ledger tells."""
    if refund is None or refund.amount != worth:
        return False
    return refund.state == "waived" or (refund.state == "succeeded" and refund.given_back == worth)


def _told(refund: PromisedRefund) -> str:
    return f"{refund.amount:.2f} {refund.currency} is {refund.state}, {refund.given_back:.2f} by the ledger"


@audits("saga")
def restocked_is_no_more_than_came_back(sagas: Sequence[AuditedSaga]) -> Iterator[Finding]:
    """I3: of what is an order's no more pieces went back into stock than its returns brought in to be sold again."""
    judged = of(RETURNS, sagas)
    # The movements first: whatever was restocked by then had been accepted before.
    restocked = grouped(list_restocked(order_ids=[saga.order_id for saga in judged]), lambda one: one.order_id)
    facts = facts_of(judged)
    for saga in judged:
        order = facts.get(saga.order_id)
        for one in restocked.get(saga.order_id, []):
            came_back = order.came_back.get(one.variant_id, 0) if order else 0
            if one.quantity > came_back:
                problem = f"of {one.variant_id} {came_back} can be sold again, and {one.quantity} were restocked"
                yield Finding("I3", saga.id, problem)
