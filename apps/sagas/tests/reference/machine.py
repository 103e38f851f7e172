"""
A second reading of how a saga moves, in words of its own: it shares no line with the engine.

The rules are the two tables of the specification, for the saga and for a step, and the sentences around them. A case is
where one saga stands; `answered`, `turned`, `left_out` and `given_up` say where it stands next, and None where that may
not be asked.
"""

from dataclasses import dataclass, replace
from typing import NamedTuple

YES, NEVER, NO, ERROR, SILENCE, AWAY = "yes", "never", "no", "error", "silence", "away"
GOING, UNDOING, DONE, UNDONE = "going", "undoing", "done", "undone"
BEFORE, PIVOT, AFTER = "before", "pivot", "after"


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How often and how long a step is tried; `hopeless` names what no other try helps against."""

    tries: int
    base: float = 1.0
    cap: float = 60.0
    limit: float | None = None
    hopeless: str | None = None

    def ends(self, number: int, since: float, raised: str | None) -> bool:
        too_long = self.limit is not None and since >= self.limit
        return number >= self.tries or too_long or (raised is not None and raised == self.hopeless)

    def delay(self, number: int) -> float:
        return min(self.cap, self.base * 2 ** (number - 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One step as it is declared; without `doer` it stands before the saga begins, without `undoer` it stays."""

    name: str
    side: str
    doer: str | None
    undoer: str | None = None
    patience: Patience
    patience_back: Patience
    hears_of_waivers: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    """Where one saga stands: its life, the step at which it is, one mark a step, and how often that step failed."""

    life: str
    at: int
    marks: tuple[str, ...]
    tries: int = 0

    @property
    def mark(self) -> str:
        return self.marks[self.at]

    def marked(self, mark: str, at: int | None = None) -> "Case":
        where = self.at if at is None else at
        return replace(self, marks=tuple(mark if i == where else one for i, one in enumerate(self.marks)))


class Next(NamedTuple):
    """What becomes of a case: the line that is told (None: none, "": perhaps), the longest wait, the dead letter."""

    case: Case
    told: str | None = None
    wait: float = 0.0
    letter: str | None = None
    why: str | None = None


NOTHING_STANDS = ("later", "left out", "undone", "given up")
SET_ASIDE = ("undo stuck", "giving up")
DECIDED = ("giving up", "leaving out")


def begun(lines: tuple[Line, ...]) -> Case:
    at = min(i for i, line in enumerate(lines) if line.doer)
    marks = ["done" if i < at else "due" if i == at else "later" for i in range(len(lines))]
    return Case(GOING, at, tuple(marks))


def standing(lines: tuple[Line, ...], case: Case) -> int:
    """Return how many effects may stand that can be undone."""
    return sum(bool(line.undoer) and mark not in NOTHING_STANDS for line, mark in zip(lines, case.marks, strict=True))


def answered(
    lines: tuple[Line, ...], case: Case, word: str, *, since: float = 0.0, raised: str | None = None
) -> Next | None:
    """Return what an answer to the step at which a saga is does to it."""
    if case.life in (DONE, UNDONE):
        return None
    if word == AWAY:
        return Next(case)
    if word == YES:
        return _did(lines, case)
    if word == NEVER:
        left = _onwards(lines, case.marked("left out")) if case.mark == "leaving out" else None
        return left and Next(left, told="skip_noted", letter="closed")
    line, number = lines[case.at], case.tries + 1
    if case.life == UNDOING:
        return _not_undone(lines, case, word, line.patience_back.ends(number, since, raised))
    if word == NO and line.side != AFTER:
        return Next(_back_from(lines, case.marked("refused")), told="refused", why=NO)
    return _not_done(lines, case, word, line.patience.ends(number, since, raised))


def _did(lines: tuple[Line, ...], case: Case) -> Next:
    letter = "closed" if case.mark in ("stuck", "leaving out", *SET_ASIDE) else None
    noted = case.mark == "giving up"
    if case.life == GOING:
        after = _onwards(lines, case.marked("given up" if noted else "done"))
        return Next(after, told="waiver_noted" if noted else "completed", letter=letter)
    after = _backwards(lines, case.marked("given up" if noted else "undone"))
    return Next(after, "waiver_noted" if noted else "compensated", _long_wait(lines, after), letter)


def _not_done(lines: tuple[Line, ...], case: Case, word: str, over: bool) -> Next:
    """A failure on the way forward: again, or back, or aside with a dead letter and again for ever."""
    line, number, kind = lines[case.at], case.tries + 1, "unknown" if word == SILENCE else "failed"
    over = over or case.mark in ("stuck", *DECIDED)
    if over and line.side != AFTER:
        return Next(_back_from(lines, _as_far_as_it_may_have_run(lines, case)), told=kind, why=word)
    if case.mark in DECIDED:
        mark = case.mark
    elif over:
        mark = "stuck"
    else:
        mark = "unsure" if SILENCE in (word, {"unsure": SILENCE}.get(case.mark)) else "due"
    told = kind if mark != case.mark or _is_told(number) else None
    wait = line.patience.delay(max(number, line.patience.tries) if over else number)
    return Next(replace(case.marked(mark), tries=number), told, wait, "opened" if over else None)


def _not_undone(lines: tuple[Line, ...], case: Case, word: str, over: bool) -> Next:
    """A compensation that failed, however: again, or aside with a dead letter while the others are undone."""
    number, kind = case.tries + 1, "unknown" if word == SILENCE else "failed"
    tried = replace(case, tries=number)
    if case.mark in SET_ASIDE:
        after = _backwards(lines, tried)
        return Next(after, "", _long_wait(lines, after), "opened")
    if not over:
        told = kind if _is_told(number) else None
        return Next(tried, told, lines[case.at].patience_back.delay(number))
    after = _backwards(lines, tried.marked("undo stuck"))
    return Next(after, kind, _long_wait(lines, after), "opened")


def _is_told(number: int) -> bool:
    return number <= 5 or bin(number).count("1") == 1


def can_turn(lines: tuple[Line, ...], case: Case) -> bool:
    """Whether it can be undone on somebody's word, or for its deadline: what decides is not behind it."""
    return case.life == GOING and lines[case.at].side != AFTER


def turned(lines: tuple[Line, ...], case: Case) -> Next | None:
    if not can_turn(lines, case):
        return None
    return Next(_back_from(lines, _as_far_as_it_may_have_run(lines, case)), told="turned_back", why="asked")


def left_out(lines: tuple[Line, ...], case: Case) -> Next | None:
    if case.life != GOING or lines[case.at].side != AFTER or case.mark in DECIDED:
        return None
    return Next(replace(case.marked("leaving out"), tries=0), told="skipped")


def given_up(lines: tuple[Line, ...], case: Case, step: int, people: set[str]) -> Next | None:
    """Two people give up a step whose tries are spent."""
    if case.life in (DONE, UNDONE) or case.marks[step] not in ("stuck", "undo stuck") or len(people) < 2:
        return None
    if lines[step].hears_of_waivers:
        return Next(replace(case.marked("giving up", step), at=step, tries=0), told="waived")
    decided = case.marked("given up", step)
    if case.life == GOING:
        return Next(_onwards(lines, decided), told="waived")
    return Next(decided if decided.mark == "to undo" else _backwards(lines, decided), told="waived")


def _onwards(lines: tuple[Line, ...], case: Case) -> Case:
    if case.at == len(lines) - 1:
        return replace(case, life=DONE, tries=0)
    return replace(case.marked("due", case.at + 1), at=case.at + 1, tries=0)


def _as_far_as_it_may_have_run(lines: tuple[Line, ...], case: Case) -> Case:
    """One participant's steps in a row are one commit, and its answer may be lost: all of them may stand."""
    at = case.at
    while lines[at].side == BEFORE and lines[at + 1].side == BEFORE and lines[at + 1].doer == lines[at].doer:
        at += 1
        case = case.marked("unsure", at)
    return replace(case, at=at)


def _back_from(lines: tuple[Line, ...], case: Case) -> Case:
    """Turn round where it stands; that step is the first to be undone, whatever its last answer was."""
    never = tuple("left out" if mark == "later" else mark for mark in case.marks)
    turned = replace(case, life=UNDOING, marks=never)
    return _backwards(lines, turned if lines[case.at].undoer else turned.marked("refused"))


def _backwards(lines: tuple[Line, ...], case: Case) -> Case:
    """The latest effect that stands is next; what was set aside comes last, but for what stood before all."""
    aside = [i for i, mark in enumerate(case.marks) if mark in SET_ASIDE]
    for at in reversed(range(len(lines))):
        stands = lines[at].undoer and case.marks[at] not in (*NOTHING_STANDS, *SET_ASIDE)
        if stands and (lines[at].doer or not aside):
            return replace(case.marked("to undo", at), at=at, tries=0)
    if not aside:
        return replace(case, life=UNDONE, tries=0)
    lower = [i for i in aside if i < case.at]
    return replace(case, at=max(lower or aside))


def _long_wait(lines: tuple[Line, ...], case: Case) -> float:
    waits = case.life == UNDOING and case.mark in SET_ASIDE
    return lines[case.at].patience_back.cap if waits else 0.0
