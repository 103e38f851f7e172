"""The participants of the tea saga, with effects in a real database and faults to order."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import connections, transaction

from apps.core.ids import new_id
from apps.sagas.messages import Call, Reply, Unknown, Unreachable
from apps.sagas.models import SagaTransaction
from apps.sagas.orchestrator import Start, begin
from apps.sagas.participant import Participant
from apps.sagas.registry import register

from . import tea
from .dying import Killed

register(tea.SERVE_TEA)
LANES = ("kitchen", "till", "house")
kitchen = Participant("kitchen", database="catalog", lease_seconds=30.0)
till = Participant("till", database="catalog", lease_seconds=30.0)
house = Participant("house", database="orders")


FAULTS: dict[str, list[BaseException]] = defaultdict(list)
"""What the next calls of a handler raise, by command."""
POISON: set[UUID] = set()
"""Orders whose brewing always raises."""
DEADLY: set[UUID] = set()
"""Orders whose brewing kills its worker."""
CALLS: Counter[str] = Counter()
"""How often each handler ran, and how many commands it was given in all."""


def make_tables() -> None:
    """Make the scratch table in which the participants leave their effects."""
    for alias in ("catalog", "orders"):
        with connections[alias].cursor() as cursor:
            cursor.execute("CREATE TABLE IF NOT EXISTS tea_effects (id bigserial, order_id uuid, what text)")


def drop_tables() -> None:
    """Take the scratch table away: the databases hold what is declared, and nothing else."""
    for alias in ("catalog", "orders"):
        with connections[alias].cursor() as cursor:
            cursor.execute("DROP TABLE IF EXISTS tea_effects")


def effects(order_id: UUID, alias: str = "catalog") -> list[str]:
    """Return what was done for an order, in order."""
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT what FROM tea_effects WHERE order_id = %s ORDER BY id", [order_id])
        return [what for (what,) in cursor.fetchall()]


def leave(what: str, commands: Sequence[Any], alias: str = "catalog") -> None:
    """Leave one effect a command, raising what was ordered."""
    CALLS[what] += 1
    CALLS[f"{what} commands"] += len(commands)
    with connections[alias].cursor() as cursor:
        for command in commands:
            cursor.execute("INSERT INTO tea_effects (order_id, what) VALUES (%s, %s)", [command.order_id, what])
    if FAULTS[what]:
        raise FAULTS[what].pop(0)


def order(leaves: str = "oolong", price: int = 3) -> Start:
    """Return a guest's order as a saga to begin."""
    order_id = new_id()
    return Start(
        saga=tea.SERVE_TEA,
        saga_id=new_id(),
        subject_id=order_id,
        order_id=order_id,
        data=tea.TeaOrder(order_id=order_id, leaves=leaves, price=price),
    )


def begun(*starts: Start) -> list[SagaTransaction]:
    """Begin sagas and return their rows."""
    with transaction.atomic(using="orders"):
        begin(starts, actor="test")
    return [row(start.saga_id) for start in starts]


def row(saga_id: UUID) -> SagaTransaction:
    return SagaTransaction.objects.get(id=saga_id)


def expire_lease(saga_id: UUID) -> None:
    """Let the time of a lease pass."""
    with connections["orders"].cursor() as cursor:
        cursor.execute("UPDATE saga_transactions SET due_at = clock_timestamp() WHERE id = %s", [saga_id])


@kitchen.handles(tea.Weigh)
def weigh(commands: Sequence[tea.Weigh]) -> list[Reply]:
    leave("weigh", commands)
    return [tea.NoLeaves(message="There are no leaves.") if c.leaves == "none" else tea.Done() for c in commands]


@kitchen.handles(tea.Unweigh)
def unweigh(commands: Sequence[tea.Unweigh]) -> list[Reply]:
    leave("unweigh", commands)
    return [tea.Done() for _ in commands]


@kitchen.handles(tea.Brew)
def brew(commands: Sequence[tea.Brew]) -> list[Reply]:
    leave("brew", commands)
    if any(command.order_id in DEADLY for command in commands):
        raise Killed
    if any(command.order_id in POISON for command in commands):
        raise ValueError("the kettle fell")
    return [tea.Done() for _ in commands]


@kitchen.handles(tea.PourAway)
def pour_away(commands: Sequence[tea.PourAway]) -> list[Reply]:
    leave("pour_away", commands)
    return [tea.Done() for _ in commands]


@kitchen.handles(tea.Wash)
def wash(commands: Sequence[tea.Wash]) -> list[Reply]:
    leave("wash", commands)
    return [tea.Done() for _ in commands]


@house.handles(tea.Serve)
def serve(commands: Sequence[tea.Serve]) -> list[Reply]:
    leave("serve", commands, "orders")
    return [tea.Done() for _ in commands]


@house.handles(tea.Apologise)
def apologise(commands: Sequence[tea.Apologise]) -> list[Reply]:
    leave("apologise", commands, "orders")
    return [tea.Done() for _ in commands]


BANK: dict[UUID, str] = {}
"""The outside world: what became of each key."""
BANK_SILENCE: set[UUID] = set()
"""Orders for which the bank takes the money and then does not answer, once."""
BANK_DOWN: set[str] = set()
"""Why the bank is closed; not empty while it is."""
BANK_DEAF: set[UUID] = set()
"""Orders whose requests never reach the bank."""


def unheard(order_id: UUID) -> Unreachable | None:
    """Return why the bank does not hear of an order; None when it does."""
    CALLS["asked the bank"] += 1
    return Unreachable("ConnectionRefusedError: nobody is in") if BANK_DOWN or order_id in BANK_DEAF else None


@till.performs(tea.TakeMoney)
class TakeMoney:
    """Take money from a bank that keeps keys."""

    def prepare(self, calls: Sequence[Call[tea.TakeMoney]]) -> list[Call[tea.TakeMoney]]:
        leave("intend", [call.command for call in calls])
        return list(calls)

    def perform(self, works: Sequence[Call[tea.TakeMoney]]) -> list[str | Unknown]:
        return [self._pay(work) for work in works]

    def _pay(self, work: Call[tea.TakeMoney]) -> str | Unknown:
        if silence := unheard(work.command.order_id):
            return silence
        answer = BANK.setdefault(work.effect_id, "refused" if work.command.price > 100 else "paid")
        if work.command.order_id in BANK_SILENCE:
            BANK_SILENCE.discard(work.command.order_id)
            return Unknown(error="TimeoutError: the bank did not answer")
        return answer

    def record(self, works: Sequence[Call[tea.TakeMoney]], results: Sequence[str | Unknown]) -> list[Reply | Unknown]:
        leave("record", [work.command for work in works])
        return [
            result
            if isinstance(result, Unknown)
            else tea.Done()
            if result == "paid"
            else tea.NoMoney(message="The bank said no.")
            for result in results
        ]


@till.performs(tea.GiveBack)
class GiveBack:
    """Fence the key at the bank, and give back what was paid under it."""

    def prepare(self, calls: Sequence[Call[tea.GiveBack]]) -> list[Call[tea.GiveBack]]:
        return list(calls)

    def perform(self, works: Sequence[Call[tea.GiveBack]]) -> list[str | Unknown]:
        return [unheard(work.command.order_id) or self._give_back(work.undone_effect_id) for work in works]

    def _give_back(self, key: UUID) -> str:
        BANK[key] = "given back" if BANK.get(key) == "paid" else "cancelled"
        return BANK[key]

    def record(self, works: Sequence[Call[tea.GiveBack]], results: Sequence[str | Unknown]) -> list[Reply | Unknown]:
        leave("give_back", [work.command for work in works])
        return [result if isinstance(result, Unknown) else tea.Done() for result in results]
