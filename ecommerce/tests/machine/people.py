"""Rules of people: what they ask of sagas, once and again, while whoever answers may die."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from .asking import again, ask, redrive
from .readings import Row
from .shop import PLACES, Shop
from .surprises import die, surprised

KINDS = st.sampled_from(["cancel", "cancel", "pause", "resume", "retry", "skip", "force_compensate", "waive"])
PEOPLE = st.sampled_from(["ines@example.com", "omar@example.com"])
PARKED = ("parked", "comp_parked")


class People(Shop):
    def key(self) -> str:
        return f"{self.rows[0].id} {len(self.world.asked)}"

    @rule(place=PLACES, kind=KINDS, actor=PEOPLE)
    @precondition(lambda self: self.rows)
    def ask(self, place: int, kind: str, actor: str) -> None:
        """Somebody asks something, twice under one key."""
        asked = ask(self.row(place).id, kind, key=self.key(), actor=actor)
        self.world.asked += [asked, again(asked)]
        self.count(f"{kind} {'granted' if asked.answer.granted else 'waits' if asked.answer.waits else 'refused'}")

    @rule(place=PLACES)
    @precondition(lambda self: self.world.asked)
    def ask_again(self, place: int) -> None:
        """The same question comes once more, however late: it gets the same answer."""
        self.world.asked.append(again(self.world.asked[place % len(self.world.asked)]))

    @rule(place=PLACES, kind=KINDS, actor=PEOPLE)
    @precondition(lambda self: self.rows)
    def die_while_answering(self, place: int, kind: str, actor: str) -> None:
        key = self.key()
        with surprised("before_answer_commit", self.counting("answerers that died", die)):
            self.world.asked.append(ask(self.row(place).id, kind, key=key, actor=actor))
        self.world.asked.append(ask(self.row(place).id, kind, key=key, actor=actor))

    @rule(place=PLACES, approved=st.booleans())
    @precondition(lambda self: any(parked_steps(row) for row in self.rows))
    def give_up(self, place: int, approved: bool) -> None:
        """A step that has spent its tries is given up by one person, and perhaps by another."""
        parked = [(row, step) for row in self.rows for step in parked_steps(row)]
        row, step = parked[place % len(parked)]
        for actor in ("ines@example.com", "omar@example.com")[: 1 + approved]:
            asked = ask(row.id, "waive", key=self.key(), actor=actor, step=step)
            self.world.asked.append(asked)
            self.count(f"waive {'granted' if asked.answer.granted else 'refused'}")

    @rule()
    @precondition(lambda self: any(parked_steps(row) for row in self.rows))
    def redrive(self) -> None:
        """An operator has every dead letter tried once more; under the run's name nothing is left to do then."""
        run, ours = self.key(), [row.id for row in self.rows]
        self.tally["dead letters redriven"] += redrive(ours, run=run)
        assert redrive(ours, run=run) == 0


def parked_steps(row: Row) -> list[str]:
    """Return the steps of a saga that have spent their tries; none where this process does not know it."""
    steps = row.saga.steps if row.saga else ()
    return [step.name for step, state in zip(steps, row.states, strict=False) if state in PARKED]
