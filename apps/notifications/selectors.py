"""What notifications knows of orders' mails."""

from uuid import UUID

from apps.notifications.models import Message

DATABASE = "notifications"


def count_messages(*, state: str) -> int:
    """Return how many mails are in a state, say `unknown`: those of which nobody can know whether they left."""
    return Message.objects.using(DATABASE).filter(state=state).count()


def list_messages(*, order_id: UUID) -> list[Message]:
    """Return the mails about an order, oldest first; empty when there is none."""
    return list(Message.objects.using(DATABASE).filter(order_id=order_id).order_by("created_at"))
