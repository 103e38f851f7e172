"""Whether buyers are told once, and only of what is true."""

from collections.abc import Iterator, Sequence

from apps.notifications.selectors import list_mail_states
from apps.sagas.audit import AuditedSaga, Finding, audits, of
from apps.sagas.progress import State

from .orders import DEFINITION

KIND = "order_confirmation"
HANDED_OVER = {"sent", "unknown", "failed"}
"""What has become of a mail for good: it left, nobody can know, or its address was refused."""


@audits("saga")
def confirmations_are_sent_once(sagas: Sequence[AuditedSaga]) -> Iterator[Finding]:
    """I7: a confirmed order has one confirmation, no other order has one."""
    judged = [saga for saga in of(DEFINITION, sagas) if saga.is_finished]
    mails = list_mail_states(order_ids=[saga.order_id for saga in judged], kind=KIND)
    for saga in judged:
        states = mails[saga.order_id]
        if len(states) > 1:
            yield Finding("I7", saga.id, f"its order {saga.order_id} got {len(states)} confirmations")
        if states and not saga.has_completed:
            yield Finding("I7", saga.id, f"its order {saga.order_id} failed, and its confirmation is {states[0]}")
        told = saga.states["send_confirmation_email"] is State.COMPLETED
        if told and not set(states) & HANDED_OVER:
            found = states[0] if states else "not there"
            yield Finding("I7", saga.id, f"the confirmation of its order {saga.order_id} is {found}")
