"""The port between a lane and its participant, wherever that is deployed."""

from collections.abc import Sequence
from uuid import UUID

from django.conf import settings

from apps.sagas import delivery
from apps.sagas.delivery import Chain, Outcomes
from apps.sagas.participant import Participant

from . import asking


def execute(participant: Participant, chains: Sequence[Chain]) -> dict[UUID, Outcomes]:
    """
    Have a participant execute a batch of chains, one a saga.

    Returns:
        At least one outcome a saga. A saga that is missing is to be left to its lease: somebody took its calls, and
        nobody knows what became of them.
    """
    if not chains:
        return {}
    if participant.name in settings.SAGA_REMOTE_LANES:
        return asking.execute(participant, chains)
    return delivery.execute(participant, chains)
