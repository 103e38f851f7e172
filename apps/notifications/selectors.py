"""What notifications knows of orders' mails."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from apps.notifications.models import Message

DATABASE = "notifications"


def count_messages(*, state: str) -> int:
    """Return how many mails are in a state, say `unknown`: those of which nobody can know whether they left."""
    return Message.objects.using(DATABASE).filter(state=state).count()


def list_messages(*, order_id: UUID) -> list[Message]:
    """Return the mails about an order, oldest first; empty when there is none."""
    return list(Message.objects.using(DATABASE).filter(order_id=order_id).order_by("created_at"))


def list_mail_states(*, order_ids: Sequence[UUID], kind: str) -> dict[UUID, list[str]]:
    """Return the states of the mails of one kind about each of these orders, of an order without any: none."""
    states: dict[UUID, list[str]] = defaultdict(list)
    found = Message.objects.using(DATABASE).filter(order_id__in=order_ids, kind=kind)
    for order_id, state in found.values_list("order_id", "state") if order_ids else ():
        if order_id:
            states[order_id].append(state)
    return {order_id: states[order_id] for order_id in order_ids}
