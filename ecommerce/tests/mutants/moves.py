"""Mutants of the moves: what a saga does after an outcome."""

from .mutant import mutant

ENGINE = "apps/sagas"
EXECUTION = "apps/sagas/execution.py"
CURSOR = "apps/sagas/cursor.py"
FEASTS = ("apps/sagas/tests/test_feast.py", "apps/sagas/tests/test_feast_undone.py")

MUTANTS = (
    mutant(
        "undoes from the step before when an answer never came",
        (
            EXECUTION,
            "compensating(saga, reaching(saga, progress), cause)\n        return Move(progress=turned",
            "compensating(saga, marked(progress, State.SKIPPED), cause)\n        return Move(progress=turned",
        ),
    ),
    mutant(
        "undoes from the step before when that said no",
        (EXECUTION, "refused = marked(progress, State.FAILED)", "refused = marked(progress, State.SKIPPED)"),
    ),
    mutant(
        "logs it and goes on when a refund fails",
        (
            EXECUTION,
            "    failed = replace(progress, failures=failure.number)\n",
            "    if failure.spent:\n"
            "        return _advance_backward(saga, progress, Answered(), jitter, spent)\n"
            "    failed = replace(progress, failures=failure.number)\n",
        ),
    ),
    mutant(
        "ends as failed while an effect is open",
        (CURSOR, "    if parked:\n        return _going_round(saga, progress, parked)\n", ""),
        (
            EXECUTION,
            "if step.undo is not None and state not in CLOSED",
            "if step.undo is not None and state not in CLOSED | {State.COMP_PARKED}",
        ),
    ),
    mutant(
        "turns back after its pivot",
        (
            EXECUTION,
            "return progress.status is Status.ACTIVE and progress.step <= saga.pivot",
            "return progress.status is Status.ACTIVE",
        ),
    ),
    mutant(
        "undoes the step under the cursor alone, not those that ran with it",
        (
            CURSOR,
            "    reached = progress\n    for step in range(progress.step + 1, saga.pivot):",
            "    reached = progress\n    for step in range(progress.step + 1, progress.step + 1):",
        ),
    ),
    mutant(
        "tries a step for ever before its pivot",
        (
            EXECUTION,
            "if failure.spent and step.kind is not Kind.RETRIABLE:",
            "if failure.spent and step.kind is Kind.PIVOT:",
        ),
    ),
    mutant(
        "takes what it asked in vain for settled",
        (
            EXECUTION,
            "isinstance(outcome, Unknown) or progress.states[progress.step] is State.UNKNOWN",
            "isinstance(outcome, Unknown)",
        ),
    ),
    mutant(
        "ignores a deadline",
        (f"{ENGINE}/lanes.py", "if not claim.overdue or not can_turn_back(", "if claim.overdue or not can_turn_back("),
        guards=("apps/sagas/tests/test_leases.py",),
    ),
    mutant(
        "tries what must succeed together with what failed after it",
        (f"{ENGINE}/lanes.py", "failed_before = one.progress.failures > 0 and not", "failed_before = False and not"),
        guards=FEASTS,
    ),
    mutant(
        "quotes who once refused to undo a step",
        (f"{ENGINE}/calls.py", "return [] if refused_to_undo else [inbox", "return [inbox"),
        guards=FEASTS,
    ),
    mutant(
        "lets whoever has its lease move a saga that has ended",
        (f"{ENGINE}/sql/settle.sql", "AND (s.status = 'active' OR", "AND (s.status IS NOT NULL OR"),
        guards=("apps/sagas/tests/test_constraints.py",),
    ),
)
