"""Counted stock: what was found on the shelf, against what the ledger says must have been there."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.catalog.models import InventoryMovement
from apps.catalog.statements import DATABASE, SQL

from .ledger import Because, Move, write_moves
from .stock import LockedVariant, lock_variants


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedLine:
    """
    Pieces of one SKU found on the shelf at a time (aware), what orders hold included.

    `number` is where the line stands in its list.
    """

    number: int
    sku: str
    quantity: int
    counted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CountProblem:
    """Why a line was left out: `problem` is a word, such as unknown."""

    number: int
    sku: str
    problem: str


@dataclass(slots=True, kw_only=True)
class CountReport:
    """What a count came to; quantities in pieces. `is_written` tells whether the stock was corrected."""

    lines: int
    counted: int = 0
    differing: int = 0
    surplus: int = 0
    missing: int = 0
    problems: list[CountProblem] = field(default_factory=list)
    is_written: bool = False


@dataclass(frozen=True, slots=True)
class Expected:
    """What one variant must have had on the shelf when it was counted."""

    variant_id: UUID
    expected: int
    is_outdated: bool


def count_stock(
    *,
    lines: Sequence[CountedLine],
    problems: Sequence[CountProblem] = (),
    is_dry: bool = False,
    is_forced: bool = False,
    because: Because,
) -> CountReport:
    """
    Correct the stock by a count, in one transaction and a handful of statements for any number of lines.

    A line is compared with what the ledger says of its time, so what was sold or came since stays. Idempotent: the same
    line of the same time finds its own correction. Lines are left out whose SKU is `unknown` or stands there `twice`;
    that are `outdated`, a later count having corrected the stock; and `held` ones, that found less than orders hold of
    a variant that is not sold below zero.

    Args:
        problems: lines that could not be read; they are reported beside those found here.
        is_dry: only report.
        is_forced: write what is good although there are problems; else any problem lets nothing be written.
    """
    report = CountReport(lines=len(lines) + len(problems), problems=list(problems))
    with transaction.atomic(using=DATABASE):
        single = _single(lines, report)
        named = SQL.rows("list_sku_ids", skus=[line.sku for line in single])
        ids = {row["sku"]: row["id"] for row in named}
        variants = lock_variants(ids.values())
        moves = _moves(single, ids, variants, report, because)
        report.problems.sort(key=lambda problem: problem.number)
        report.is_written = not is_dry and (is_forced or not report.problems)
        if moves and report.is_written:
            write_moves(InventoryMovement.Type.ADJUSTMENT, moves, variants, because)
    return report


def _single(lines: Sequence[CountedLine], report: CountReport) -> list[CountedLine]:
    times = Counter(line.sku for line in lines)
    report.problems += [_problem(line, "twice") for line in lines if times[line.sku] > 1]
    return [line for line in lines if times[line.sku] == 1]


def _moves(
    lines: Sequence[CountedLine],
    ids: Mapping[str, UUID],
    variants: Mapping[UUID, LockedVariant],
    report: CountReport,
    because: Because,
) -> list[Move]:
    known = [line for line in lines if line.sku in ids]
    report.problems += [_problem(line, "unknown") for line in lines if line.sku not in ids]
    rows = SQL.rows(
        "list_expected_stock",
        Expected,
        variants=[ids[line.sku] for line in known],
        times=[line.counted_at for line in known],
    )
    expected = {row.variant_id: row for row in rows}
    moves = []
    for line in known:
        variant, stood = variants[ids[line.sku]], expected[ids[line.sku]]
        difference = line.quantity - stood.expected
        if stood.is_outdated:
            report.problems.append(_problem(line, "outdated"))
        elif difference < 0 and variant.inventory_quantity + difference < 0 and not variant.allow_backorder:
            report.problems.append(_problem(line, "held"))
        else:
            _add(difference, report)
            if difference:
                moves.append(_move(line, variant, difference, because.notes))
    return moves


def _move(line: CountedLine, variant: LockedVariant, difference: int, notes: str | None) -> Move:
    return Move(
        variant_id=variant.id,
        quantity=difference,
        reason=InventoryMovement.Reason.COUNT.value,
        notes=notes,
        counted_at=line.counted_at,
    )


def _add(difference: int, report: CountReport) -> None:
    report.counted += 1
    report.differing += difference != 0
    report.surplus += max(difference, 0)
    report.missing += max(-difference, 0)


def _problem(line: CountedLine, problem: str) -> CountProblem:
    return CountProblem(number=line.number, sku=line.sku, problem=problem)
