"""Who holds the feast: participants in three databases and an outside world, with answers of every kind to order."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from django.db import OperationalError, connections

from apps.core.ids import new_id
from apps.sagas.definition import Saga
from apps.sagas.messages import Call, Reply, Unknown
from apps.sagas.orchestrator import Start
from apps.sagas.participant import Participant
from apps.sagas.registry import register

from . import feast
from .feast import HOLD_FEAST, STRIKE_GONG, Asked, Done, Feast, NotToday

register(HOLD_FEAST)
register(STRIKE_GONG)
ALIASES = ["orders", "catalog", "payments"]
LANES = ("pantry", "purse", "band", "hall")
pantry = Participant("pantry", database="catalog")
purse = Participant("purse", database="payments")
band = Participant("band", database="catalog")
hall = Participant("hall", database="orders")

REFUSE, RAISE, AWAY = "refuse", "raise", "away"
SILENT_DONE, SILENT_LOST = "silent, done", "silent, lost"
TROUBLE: dict[str, list[str]] = defaultdict(list)
"""How the next calls go wrong, by act."""
OUTSIDE: dict[UUID, str] = {}
"""What became of each key in the outside world: done, undone, refused, or closed before anything was done."""


def make_tables() -> None:
    for alias in ALIASES:
        with connections[alias].cursor() as cursor:
            cursor.execute("CREATE TABLE IF NOT EXISTS feast_acts (id bigserial, order_id uuid, what text)")


def drop_tables() -> None:
    for alias in ALIASES:
        with connections[alias].cursor() as cursor:
            cursor.execute("DROP TABLE IF EXISTS feast_acts")


def acts(order_id: UUID) -> dict[str, int]:
    """Return how often each act was recorded for an order, in whatever database."""
    counted: dict[str, int] = defaultdict(int)
    for alias in ALIASES:
        with connections[alias].cursor() as cursor:
            cursor.execute("SELECT what, count(*) FROM feast_acts WHERE order_id = %s GROUP BY what", [order_id])
            for what, count in cursor.fetchall():
                counted[what] += count
    return dict(counted)


def a_feast(saga: Saga = HOLD_FEAST) -> Start:
    """Return a feast as a saga to begin."""
    order_id = new_id()
    return Start(saga=saga, saga_id=new_id(), subject_id=order_id, order_id=order_id, data=Feast(order_id=order_id))


def trouble(what: str) -> str | None:
    """Take the next trouble ordered for an act; raise it where it is an error."""
    kind = TROUBLE[what].pop(0) if TROUBLE[what] else None
    if kind == RAISE:
        raise ValueError(f"{what} fails")
    if kind == AWAY:
        raise OperationalError("server closed the connection unexpectedly")
    return kind


def write(commands: Sequence[Asked], alias: str) -> None:
    with connections[alias].cursor() as cursor:
        for command in commands:
            cursor.execute("INSERT INTO feast_acts (order_id, what) VALUES (%s, %s)", [command.order_id, command.what])


def plainly(commands: Sequence[Asked], alias: str) -> list[Reply]:
    """Act in a database alone: what is refused is not done."""
    refused = {id(command) for command in commands if trouble(command.what) == REFUSE}
    write([command for command in commands if id(command) not in refused], alias)
    return [NotToday() if id(command) in refused else Done() for command in commands]


@pantry.handles(feast.InPantry)
def in_pantry(commands: Sequence[feast.InPantry]) -> list[Reply]:
    return plainly(commands, "catalog")


@hall.handles(feast.InHall)
def in_hall(commands: Sequence[feast.InHall]) -> list[Reply]:
    return plainly(commands, "orders")


@band.handles(feast.NoteOfBand)
def note_of_band(commands: Sequence[feast.NoteOfBand]) -> list[Reply]:
    return plainly(commands, "catalog")


class Acts:
    """An act of the outside world under a key of its own."""

    alias: str

    def prepare(self, calls: Sequence[Call[Asked]]) -> list[Call[Asked]]:
        return list(calls)

    def perform(self, works: Sequence[Call[Asked]]) -> list[str | Unknown]:
        return [self._act(work) for work in works]

    def _act(self, work: Call[Asked]) -> str | Unknown:
        kind = trouble(work.command.what)
        if kind == SILENT_LOST:
            return Unknown(error="TimeoutError: nobody answered")
        said = OUTSIDE.setdefault(work.effect_id, "refused" if kind == REFUSE else "done")
        return Unknown(error="TimeoutError: nobody answered") if kind == SILENT_DONE else said

    def record(self, works: Sequence[Call[Asked]], results: Sequence[str | Unknown]) -> list[Reply | Unknown]:
        done = [work.command for work, said in zip(works, results, strict=True) if said == "done"]
        write(done, self.alias)
        return [said if isinstance(said, Unknown) else Done() if said == "done" else NotToday() for said in results]


class TakesBack(Acts):
    """The taking back of an act: its key is closed first, so that no late act comes after it."""

    def _act(self, work: Call[Asked]) -> str | Unknown:
        kind = trouble(work.command.what)
        if kind == SILENT_LOST:
            return Unknown(error="TimeoutError: nobody answered")
        if kind == REFUSE:
            return "refused"
        was = OUTSIDE.setdefault(work.undone_effect_id, "closed")
        OUTSIDE[work.undone_effect_id] = "undone" if was == "done" else was
        return Unknown(error="TimeoutError: nobody answered") if kind == SILENT_DONE else "done"


@purse.performs(feast.FromPurse)
class PayDeposit(Acts):
    alias = "payments"


@purse.performs(feast.ToPurse)
class GetDepositBack(TakesBack):
    alias = "payments"


@band.performs(feast.ByBand)
class Play(Acts):
    alias = "catalog"


@band.performs(feast.OffBand)
class Dismiss(TakesBack):
    alias = "catalog"
