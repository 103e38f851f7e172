"""What the auditors say when all is over: of every saga, every piece of stock and all money."""

from ecommerce.testing.books import fetch

from .playing import Shown
from .stage import NEXT_RELEASE, Stage

AUDITS = {
    "every history leads to its row, and every book tells the same": ("saga", "verify", "--cross"),
    "stock, reservations and movements agree": ("check_inventory",),
    "payments, ledger and the gateway itself agree": ("check_ledger", "--gateway"),
}


def compare(stage: Stage) -> Shown:
    """Run every check that an operator has, over everything that the other demonstrations left."""
    ((sagas, finished),) = fetch("orders", "SELECT count(*), count(finished_at) FROM saga_transactions")
    stage.teller.say(f"{sagas} sagas, {finished} of them at their end.")
    claims = [
        (said, stage.manage(*command, DJANGO_SETTINGS_MODULE=NEXT_RELEASE) == 0) for said, command in AUDITS.items()
    ]
    return Shown(claims=[*claims, ("every saga has ended", sagas == finished)])
