"""Calling the gateway for a batch of attempts, with no transaction open: ask first, then charge what is absent."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from apps.payments.gateways.base import Charge, ChargeState, Gateway
from apps.payments.gateways.current import current_gateway
from apps.payments.statements import SQL
from apps.sagas.messages import Unknown

from .attempts import Attempt, key_of, request_of

Known = dict[UUID, Charge | Unknown]
"""What the gateway said so far, by key."""


def charge(*, attempts: Sequence[Attempt], gateway: Gateway | None = None) -> list[Charge | Unknown]:
    """
    Charge each attempt once, with no transaction open; ask first for those that an earlier worker may have charged.

    Args:
        attempts: open ones, as note_charges returned them.
        gateway: None for the configured one.

    Returns:
        The gateway's final word on each, in order: never `absent`. Unknown where it gave none: then the attempt stays
        open, and the next try asks again. One first called over KEY_LIFE ago and not charged since is closed instead.
    """
    gateway = gateway or current_gateway()
    known = _ask_again(gateway, [attempt for attempt in attempts if attempt.tries > 1])
    known |= _close_expired(
        gateway, [attempt for attempt in attempts if attempt.is_expired and _is_absent(known, attempt)]
    )
    known |= _charge_absent(gateway, [attempt for attempt in attempts if _is_absent(known, attempt)])
    return [_deciding(attempt, known[attempt.asked.key]) for attempt in attempts]


def _is_absent(known: Known, attempt: Attempt) -> bool:
    """Tell whether nothing speaks against charging: the gateway has not heard of the key, or never can have."""
    answer = known.get(attempt.asked.key)
    return answer is None or (isinstance(answer, Charge) and answer.state is ChargeState.ABSENT)


def _ask_again(gateway: Gateway, attempts: Sequence[Attempt]) -> Known:
    return _by_key(attempts, gateway.find([key_of(attempt) for attempt in attempts]) if attempts else [])


def _close_expired(gateway: Gateway, attempts: Sequence[Attempt]) -> Known:
    return _by_key(attempts, gateway.cancel([key_of(attempt) for attempt in attempts]) if attempts else [])


def _charge_absent(gateway: Gateway, attempts: Sequence[Attempt]) -> Known:
    """Charge, where the gateway wants it so after making its object and storing its reference."""
    if not attempts:
        return {}
    if not gateway.opens_first:
        return _by_key(attempts, gateway.charge([request_of(attempt) for attempt in attempts]))
    opened, failed = _open_first(gateway, attempts)
    return failed | _charge_opened(gateway, opened)


def _charge_opened(gateway: Gateway, attempts: Sequence[Attempt]) -> Known:
    return _by_key(attempts, gateway.charge([request_of(attempt) for attempt in attempts]) if attempts else [])


def _open_first(gateway: Gateway, attempts: Sequence[Attempt]) -> tuple[list[Attempt], Known]:
    """Return the attempts whose object is made and whose reference is stored, and why the others have none."""
    replies = gateway.open([request_of(attempt) for attempt in attempts])
    failed: Known = {}
    opened: dict[UUID, Attempt] = {}
    for attempt, reply in zip(attempts, replies, strict=True):
        if isinstance(reply, Unknown):
            failed[attempt.asked.key] = reply
        else:
            opened[attempt.asked.key] = replace(attempt, reference=reply)
    references = [attempt.reference for attempt in opened.values()]
    stored = {row["id"] for row in SQL.rows("store_references", ids=list(opened), references=references)}
    for key in opened.keys() - stored:
        failed[key] = Unknown("the charge is being undone")
    return [attempt for key, attempt in opened.items() if key in stored], failed


def _by_key(attempts: Sequence[Attempt], replies: Sequence[Charge | Unknown]) -> Known:
    """Return the replies by key."""
    return {attempt.asked.key: reply for attempt, reply in zip(attempts, replies, strict=True)}


def _deciding(attempt: Attempt, answer: Charge | Unknown) -> Charge | Unknown:
    """Return an answer that decides the attempt, or Unknown: another amount than ours decides nothing."""
    if isinstance(answer, Unknown):
        return answer
    if answer.state is ChargeState.ABSENT:
        return Unknown("the gateway has not decided yet")
    asked = attempt.asked
    if answer.state is ChargeState.SUCCEEDED and (answer.amount, answer.currency) != (asked.amount, asked.currency):
        return Unknown(f"the gateway holds {answer.amount:f} {answer.currency} under the key")
    return answer
