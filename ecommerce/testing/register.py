"""
An order as a register: could what its witnesses saw have happened one thing after another, as promised? Pure.

The witnesses are processes that outlive the shop's: the gateway, the mail server, the history of sagas, and callers of
the API. What they noted of one order is put in the order of time and read against a sequential specification, in the
manner of Jepsen's checkers; orders know nothing of each other, so the check is linear. A call counts from its begin to
its end: an answer binds those calls only that began after it had come.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

NOTHING = Decimal(0)
FINAL = ("succeeded", "cancelled")
"""What a gateway can say of a key that stays true for ever; a decline stays only once the key is closed."""
ENDS = ("confirmed", "failed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What happened to money at the gateway: `charged`, `closed` or `refunded`."""

    at: float
    what: str
    key: str
    amount: Decimal = NOTHING
    refund_key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """
    One question to the gateway about one key.

    `said` is the state it was told, `refunded` for a refund that was acknowledged; None where no answer came or the
    answer says nothing. `ended_at` is None where nobody knows when it came.
    """

    begun_at: float
    ended_at: float | None
    operation: str
    key: str
    said: str | None
    refunded: Decimal = NOTHING
    process: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedOver:
    """One mail that the mail server took."""

    begun_at: float
    taken_at: float
    process: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What a saga wrote down for good: the order is `confirmed`, or `failed`, or its return has begun (`returning`)."""

    at: float
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a caller of the shop was told of the order; a checkout that was answered is the first."""

    begun_at: float
    ended_at: float
    status: str
    process: int | None = None


Testimony = Effect | Asked | HandedOver | Settled | Told


@dataclass
class Register:
    """The order as far as it has been read; `take` says what is wrong with the next testimony."""

    due: Decimal
    charged: dict[str, Decimal] = field(default_factory=dict)
    refunded: dict[str, Decimal] = field(default_factory=dict)
    refund_keys: set[str | None] = field(default_factory=set)
    asked: set[str] = field(default_factory=set)
    closed: set[str] = field(default_factory=set)
    mails: int = 0
    status: str = "processing"

    @property
    def kept(self) -> Decimal:
        """What of the buyer's money is ours."""
        return sum(self.charged.values(), NOTHING) - sum(self.refunded.values(), NOTHING)

    def take(self, testimony: Testimony) -> Iterator[str]:
        """Read the next testimony and say what may not be."""
        match testimony:
            case Effect(what="charged"):
                yield from self._charge(testimony)
            case Effect(what="refunded"):
                yield from self._refund(testimony)
            case Effect():
                self.closed.add(testimony.key)
            case Asked(operation="charge"):
                yield from self._ask(testimony)
            case Asked(operation="cancel", said=str()) if testimony.ended_at is not None:
                self.closed.add(testimony.key)
            case HandedOver():
                yield from self._mail()
            case Settled():
                yield from self._settle(testimony.status)

    def _ask(self, asked: Asked) -> Iterator[str]:
        open_keys = self.asked - self.closed - {asked.key}
        if open_keys:
            yield f"a charge was asked under {asked.key} while {', '.join(sorted(open_keys))} could still be charged"
        self.asked.add(asked.key)

    def _charge(self, effect: Effect) -> Iterator[str]:
        if effect.key in self.charged:
            yield f"it was charged twice under {effect.key}"
        elif self.kept:
            yield f"it was charged under {effect.key} while another charge stood"
        if effect.key in self.closed:
            yield f"it was charged under {effect.key} after that key was closed"
        if self.status == "failed":
            yield f"it was charged under {effect.key} after it had failed"
        self.charged[effect.key] = self.charged.get(effect.key, NOTHING) + effect.amount

    def _refund(self, effect: Effect) -> Iterator[str]:
        before = self.refunded.get(effect.key, NOTHING)
        if effect.refund_key in self.refund_keys:
            yield f"it was paid back twice under {effect.refund_key}"
        if before + effect.amount > self.charged.get(effect.key, NOTHING):
            yield f"more was paid back than was charged under {effect.key}"
        if self.status == "confirmed":
            yield "it was paid back although it is confirmed"
        self.refund_keys.add(effect.refund_key)
        self.refunded[effect.key] = before + effect.amount

    def _mail(self) -> Iterator[str]:
        if self.mails:
            yield "a second mail was handed over"
        if self.status not in ("confirmed", "returning"):
            yield f"a mail was handed over while it was {self.status}"
        self.mails += 1

    def _settle(self, status: str) -> Iterator[str]:
        if (self.status, status) not in MOVES:
            yield f"it was {self.status} and became {status}"
        if status == "confirmed" and self.kept != self.due:
            yield f"it was confirmed while {self.kept} of {self.due} was charged"
        if status == "failed" and self.kept:
            yield f"it failed while {self.kept} was charged"
        self.status = status


MOVES = {
    ("processing", "confirmed"),
    ("processing", "failed"),
    ("confirmed", "returning"),
    # Another return of the same order.
    ("returning", "returning"),
}


def violations(history: Sequence[Testimony], *, due: Decimal) -> list[str]:
    """
    Return what of an order's history no sequential order of its events explains; empty when all is well.

    `due` is what the order costs. An order that was placed must have come to an end.
    """
    register = Register(due=due)
    # Python's sort is stable: what a witness noted at one instant stays in its own order.
    found = [problem for one in sorted(history, key=_moment) for problem in register.take(one)]
    found += _wrong_answers([one for one in history if isinstance(one, Asked)], history)
    found += _wrong_words(sorted((one for one in history if isinstance(one, Told)), key=_moment), history)
    if register.status == "processing":
        found.append("it never came to an end")
    return found


def _moment(testimony: Testimony) -> float:
    """Return when a testimony takes its place among the others."""
    match testimony:
        case Effect(at=at) | Settled(at=at):
            return at
        case Asked(operation="cancel") if testimony.ended_at is not None:
            return testimony.ended_at
        case Asked(begun_at=begun_at) | HandedOver(begun_at=begun_at) | Told(begun_at=begun_at):
            return begun_at


def _wrong_answers(asked: Sequence[Asked], history: Sequence[Testimony]) -> Iterator[str]:
    """Say which answers of the gateway tell of what never was, or forget what an earlier answer had acknowledged."""
    charged = {one.key for one in history if isinstance(one, Effect) and one.what == "charged"}
    earliest: dict[tuple[str, str], float] = {}
    paid_back: dict[str, float] = {}
    for one in asked:
        if one.ended_at is None:
            continue
        if one.said in FINAL:
            earliest[one.key, one.said] = min(one.ended_at, earliest.get((one.key, one.said), one.ended_at))
        if one.said == "refunded":
            paid_back[one.key] = min(one.ended_at, paid_back.get(one.key, one.ended_at))
    for one in asked:
        if one.said == "succeeded" and one.key not in charged:
            yield f"{one.operation} was told that {one.key} is charged, and it never was"
        for state in FINAL:
            known_at = earliest.get((one.key, state))
            if one.said in (None, state, "refunded") or known_at is None or one.begun_at <= known_at:
                continue
            yield f"{one.operation} was told that {one.key} is {one.said} after it had been called {state}"
        known_at = paid_back.get(one.key)
        if one.said == "succeeded" and known_at is not None and one.begun_at > known_at and not one.refunded:
            yield f"{one.operation} was told nothing of a refund of {one.key} that had been acknowledged"


def _wrong_words(told: Sequence[Told], history: Sequence[Testimony]) -> Iterator[str]:
    """Say which answers of the shop were early, late or changed."""
    settled = {one.status: one.at for one in history if isinstance(one, Settled)}
    ends: dict[str, float] = {}
    for one in told:
        known = next((status for status, at in ends.items() if at < one.begun_at), None)
        if known is not None and one.status != known:
            yield f"a caller was told {one.status} after another had been told {known}"
        if one.status in ENDS:
            if settled.get(one.status, one.ended_at + 1) > one.ended_at:
                yield f"a caller was told {one.status} before it was so"
            ends[one.status] = min(one.ended_at, ends.get(one.status, one.ended_at))
