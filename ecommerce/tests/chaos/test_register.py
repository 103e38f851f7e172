"""The judge of histories is fed forged ones: it must accept what may happen, and refuse what may not."""

from dataclasses import replace
from decimal import Decimal

import pytest

from ecommerce.testing.register import Asked, Effect, HandedOver, Settled, Testimony, Told, violations

DUE = Decimal("59.98")


def charged(at: float, key: str = "k", amount: Decimal = DUE) -> Effect:
    return Effect(at=at, what="charged", key=key, amount=amount)


def closed(at: float, key: str = "k") -> Effect:
    return Effect(at=at, what="closed", key=key)


def refunded(at: float, key: str = "k", *, refund_key: str = "r", amount: Decimal = DUE) -> Effect:
    return Effect(at=at, what="refunded", key=key, amount=amount, refund_key=refund_key)


def asked(operation: str, begun_at: float, ended_at: float | None, said: str | None, key: str = "k") -> Asked:
    return Asked(begun_at=begun_at, ended_at=ended_at, operation=operation, key=key, said=said)


def told(begun_at: float, ended_at: float, status: str) -> Told:
    return Told(begun_at=begun_at, ended_at=ended_at, status=status)


CHARGED = [asked("charge", 1, 3, "succeeded"), charged(2)]
CONFIRMED = Settled(at=4, status="confirmed")
FAILED = Settled(at=9, status="failed")
MAIL = HandedOver(begun_at=5, taken_at=5.5)
PAID = [*CHARGED, CONFIRMED, MAIL]
# A worker died with the answer; the next one undoes, closes the key and pays back.
UNDONE = [
    asked("charge", 1, None, None),
    charged(2),
    asked("cancel", 4, 6, "succeeded"),
    closed(5),
    asked("refund", 7, 8, "refunded"),
    refunded(7.5),
    FAILED,
]

HONEST: dict[str, list[Testimony]] = {
    "paid": PAID,
    "paid and asked for twice": [*PAID, asked("charge", 2.5, 3.5, "succeeded")],
    "undone": UNDONE,
    "closed before its charge came": [
        asked("cancel", 1, 3, "cancelled"),
        closed(2),
        asked("charge", 1, 4, None),
        FAILED,
    ],
    "declined": [asked("charge", 1, 2, "declined"), asked("cancel", 3, 5, "declined"), closed(4), FAILED],
    # Two calls at the same time may be told different things.
    "found absent while being charged": [*PAID, asked("find", 1, 3.5, "absent")],
    "declined and charged all the same": [asked("charge", 1, 2, "declined"), charged(3), *UNDONE[2:]],
    "charged anew once the first key was closed": [
        asked("charge", 0, None, None),
        closed(0.5),
        asked("cancel", 0.2, 0.8, "cancelled"),
        *[replace(one, key="k2") for one in CHARGED],
        CONFIRMED,
        MAIL,
    ],
    "returned": [*PAID, Settled(at=10, status="returning"), asked("refund", 11, 13, "refunded"), refunded(12)],
    "returned in two parts": [
        *PAID,
        Settled(at=10, status="returning"),
        refunded(12, amount=Decimal("1.00")),
        Settled(at=14, status="returning"),
        refunded(16, refund_key="r2", amount=Decimal("1.00")),
    ],
    "watched": [*PAID, told(0, 0.5, "processing"), told(3.5, 4.5, "processing"), told(4.2, 5, "confirmed")],
}

FORGED: dict[str, tuple[list[Testimony], str]] = {
    "charged twice under a key": ([*PAID, charged(3.5)], "it was charged twice under k"),
    "charged under two keys": (
        [*CHARGED, asked("charge", 3.2, 3.6, "succeeded", "k2"), charged(3.5, "k2"), CONFIRMED],
        "it was charged under k2 while another charge stood",
    ),
    "asked under a key for each try": (
        [asked("charge", 0, None, None, "k0"), *PAID],
        "a charge was asked under k while k0 could still be charged",
    ),
    "charged after the key was closed": (
        [*UNDONE, charged(5.5, amount=Decimal(0))],
        "it was charged under k after that key was closed",
    ),
    "charged after a cancellation was answered": (
        [asked("cancel", 1, 2, "cancelled"), charged(3), *UNDONE[4:]],
        "it was charged under k after that key was closed",
    ),
    "charged after it had failed": ([FAILED, charged(10)], "it was charged under k after it had failed"),
    "paid back twice under a key": (
        [*UNDONE, refunded(8, amount=Decimal(0))],
        "it was paid back twice under r",
    ),
    "paid back more than was charged": (
        [*UNDONE, refunded(8, refund_key="r2", amount=Decimal("0.01"))],
        "more was paid back than was charged under k",
    ),
    "paid back what was never charged": (
        [asked("charge", 1, 2, "declined"), refunded(3), FAILED],
        "more was paid back than was charged under k",
    ),
    "paid back although confirmed": ([*PAID, refunded(6)], "it was paid back although it is confirmed"),
    "forgot a charge that was acknowledged": (
        [*PAID, asked("find", 3.5, 3.8, "absent")],
        "find was told that k is absent after it had been called succeeded",
    ),
    "forgot a fence that was acknowledged": (
        [closed(1.5), asked("cancel", 1, 2, "cancelled"), asked("find", 3, 4, "absent"), FAILED],
        "find was told that k is absent after it had been called cancelled",
    ),
    "forgot a refund that was acknowledged": (
        [*UNDONE, asked("find", 8.5, 8.8, "succeeded")],
        "find was told nothing of a refund of k that had been acknowledged",
    ),
    "told of a charge that never was": (
        [asked("charge", 1, 2, "succeeded"), FAILED],
        "charge was told that k is charged, and it never was",
    ),
    "failed and charged": ([*CHARGED, FAILED], f"it failed while {DUE} was charged"),
    "confirmed and not charged": ([CONFIRMED, MAIL], f"it was confirmed while 0 of {DUE} was charged"),
    "confirmed and charged too little": (
        [asked("charge", 1, 3, "succeeded"), charged(2, amount=Decimal(1)), CONFIRMED],
        f"it was confirmed while 1 of {DUE} was charged",
    ),
    "failed after it was confirmed": (
        [*UNDONE, Settled(at=8, status="confirmed")],
        "it was confirmed and became failed",
    ),
    "mailed twice": ([*PAID, HandedOver(begun_at=7, taken_at=8)], "a second mail was handed over"),
    "mailed before it was confirmed": (
        [*CHARGED, HandedOver(begun_at=3.5, taken_at=3.6), CONFIRMED],
        "a mail was handed over while it was processing",
    ),
    "mailed after it had failed": (
        [*UNDONE, HandedOver(begun_at=10, taken_at=11)],
        "a mail was handed over while it was failed",
    ),
    "lost": (CHARGED, "it never came to an end"),
    "lost without a trace": ([], "it never came to an end"),
    "lost although a customer was promised it": ([told(0, 1, "processing")], "it never came to an end"),
    "told an end before it was so": (
        [*PAID, told(3, 3.9, "confirmed")],
        "a caller was told confirmed before it was so",
    ),
    "told another end later": (
        [*PAID, told(5, 6, "confirmed"), told(7, 8, "processing")],
        "a caller was told processing after another had been told confirmed",
    ),
}


class TestAnHonestHistory:
    @pytest.mark.parametrize("name", HONEST)
    def test_is_believed(self, name):
        assert violations(HONEST[name], due=DUE) == []


class TestAForgedHistory:
    @pytest.mark.parametrize("name", FORGED)
    def test_is_refused_for_what_is_wrong_with_it(self, name):
        history, problem = FORGED[name]

        assert problem in violations(history, due=DUE)
