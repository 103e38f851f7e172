"""`manage.py saga`: look at sagas, and work on them."""

from argparse import ArgumentParser
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from getpass import getuser
from typing import Any, TextIO, cast
from uuid import UUID

from django.core.management.base import CommandError
from django.utils.dateparse import parse_datetime
from rich.console import Console

from apps.core.commands import OperatorCommand
from apps.core.ids import first_id_of, new_id
from apps.core.metrics.exposition import serve_where_configured
from apps.sagas import console as printing
from apps.sagas import (
    dead_letters,
    drawing,
    migrating,
    rebuilding,
    redriving,
    requests,
    selectors,
    verification,
    versions,
)
from apps.sagas.audit import SUBJECTS, turns
from apps.sagas.models import SagaDeadLetter
from apps.sagas.participant import PARTICIPANTS
from apps.sagas.progress import State, Status
from apps.sagas.registry import SAGAS, definition
from apps.sagas.worker import Worker


class Command(OperatorCommand):
    """One subcommand a verb; each prints tables, or JSON with --json, and exits with 1 on a refusal."""

    help = "Look at sagas (list, show, graph, verify), ask things of them (cancel, pause, ...), work on them (worker)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        listing = verbs.add_parser("list", help="the newest sagas, one line each")
        listing.add_argument("--status", choices=[str(status) for status in Status])
        listing.add_argument("--lane")
        listing.add_argument("--limit", type=int, default=50)
        show = verbs.add_parser("show", help="one saga, by its id or its order's: steps and history")
        show.add_argument("id")
        graph = verbs.add_parser("graph", help="a declaration, or where one saga stands in it")
        graph.add_argument("what", help="the name of a definition, a saga's id, or an order's id")
        graph.add_argument("--mermaid", action="store_true", help="as a Mermaid flowchart")
        verify = verbs.add_parser("verify", help="replay every history and compare it with its row")
        verify.add_argument("--since", help="only sagas created since this time (ISO 8601)")
        verify.add_argument(
            "--cross", action="store_true", help="compare with inboxes, orders, stock, ledger, gateway and mails too"
        )
        worker = verbs.add_parser("worker", help="work on lanes without Celery")
        worker.add_argument("--lane", action="append", dest="lanes", help="may be given several times; default: all")
        worker.add_argument("--once", action="store_true", help="end when nothing is due")
        asking = [verbs.add_parser(verb, help=text) for verb, (_, text) in ASKED.items()]
        for kind, verb in zip(ASKED, asking, strict=True):
            verb.add_argument("id", help="the saga's id, or its order's")
            verb.add_argument("--key", help="an idempotency key: asked again, it gets the first answer")
            if kind in OF_A_STEP:
                verb.add_argument("--step", help="which step, where there are several")
        letters = verbs.add_parser("dead-letters", help="steps whose tries are spent, the oldest first")
        letters.add_argument("--state", choices=list(SagaDeadLetter.State.values), default="open")
        letters.add_argument("--summary", action="store_true", help="how many of each step and kind of error")
        letters.add_argument("--limit", type=int, default=100)
        redrive = verbs.add_parser("redrive", help="retry every saga with an open dead letter, or some of them")
        redrive.add_argument("--saga", help="only the saga of this id, or of this order")
        redrive.add_argument("--limit", type=int, help="at most so many")
        redrive.add_argument("--per-second", type=float, default=redriving.PER_SECOND, help="so many a second")
        redrive.add_argument("--run", help="go on with the run of this name, where it was broken off")
        redrive.add_argument("--dry-run", action="store_true", help="say what would be done, and ask nothing")
        for verb in (letters, redrive):
            verb.add_argument("--step", help="only those that are stuck at this step")
            verb.add_argument("--class", dest="error_class", help="only errors of this class, as --summary names it")
            verb.add_argument("--error", help="only those whose error contains this text")
        telling, moving = add_versions(verbs)
        rebuild = verbs.add_parser("rebuild", help="restore a row that was deleted or damaged by hand from its history")
        rebuild.add_argument("id", help="the saga's id; its order's will do while there is a row")
        rebuild.add_argument("--dry-run", action="store_true", help="say what differs, and write nothing")
        for verb in (*asking, redrive, moving, rebuild):
            verb.add_argument("--reason", required=True, help="for the history; a buyer reads why it was cancelled")
            verb.add_argument("--actor", default=f"operator {getuser()}", help="who asks, for the history")
        for verb in (telling, moving, rebuild, listing, show, graph, verify, *asking, letters, redrive):
            verb.add_argument("--json", action="store_true", help="as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        self.console = Console(file=cast(TextIO, self.stdout), highlight=False)
        if not self.console.is_terminal:
            self.console.width = WIDTH_ELSEWHERE
        verb = options["verb"]
        if verb in ASKED:
            self.ask(verb, options)
        else:
            getattr(self, verb.replace("-", "_"))(options)

    def list(self, options: dict[str, Any]) -> None:
        """Print the newest sagas."""
        sagas = selectors.list_sagas(status=options["status"], lane=options["lane"], limit=options["limit"])
        if options["json"]:
            self.stdout.write(printing.as_json([printing.saga_fields(saga) for saga in sagas]))
        else:
            printing.print_sagas(self.console, sagas)

    def show(self, options: dict[str, Any]) -> None:
        """Print one saga."""
        saga = selectors.get_saga(identity(options["id"]))
        if options["json"]:
            self.stdout.write(printing.as_json(printing.saga_fields(saga)))
        else:
            printing.print_saga(self.console, saga)

    def graph(self, options: dict[str, Any]) -> None:
        """Print a declaration, with the states of one saga where one is named."""
        saga, states = drawn(options["what"])
        if options["mermaid"]:
            self.stdout.write(drawing.as_mermaid(saga, states))
        elif options["json"]:
            rows = drawing.as_rows(saga, states)
            self.stdout.write(printing.as_json([dict(zip(GRAPH_COLUMNS, row, strict=True)) for row in rows]))
        else:
            table = printing.plain_table(*GRAPH_COLUMNS)
            for row in drawing.as_rows(saga, states):
                table.add_row(*row)
            self.console.print(table)

    def verify(self, options: dict[str, Any]) -> None:
        """Replay histories; fail when one does not lead to its row."""
        since = parse_datetime(options["since"]) if options["since"] else None
        if options["since"] and (since is None or since.tzinfo is None):
            raise CommandError("--since needs a time with its zone, such as 2026-11-24T00:00:00Z")
        findings = verification.find_broken_histories(since=since)
        if options["cross"]:
            findings += crossed(since, known={finding.saga_id for finding in findings}, say=self.stderr.write)
        if options["json"]:
            self.stdout.write(printing.as_json(findings))
        for finding in () if options["json"] else findings:
            self.console.print(f"[red]{finding.saga_id}[/]: {finding.problem}")
        if findings:
            raise CommandError(f"{len(findings)} findings")
        if not options["json"]:
            everything = " Inboxes, orders, stock, money and mails say the same." if options["cross"] else ""
            self.console.print(f"Every history leads to its row.{everything}")

    def versions(self, options: dict[str, Any]) -> None:
        """Print every version of every definition; fail when this code must not work on what lives."""
        known = versions.list_versions()
        if options["json"]:
            self.stdout.write(printing.as_json(known))
        else:
            printing.print_versions(self.console, known)
        versions.refuse_unsafe_start()

    def migrate(self, options: dict[str, Any]) -> None:
        """Move sagas to another version; fail when one of them could not be moved."""
        names = ("name", "before", "after", "actor", "reason", "dry_run", "limit")
        done = migrating.migrate(**{name: options[name] for name in names})
        if options["json"]:
            self.stdout.write(printing.as_json(done))
        for stayed in () if options["json"] else done.stayed:
            self.console.print(f"[yellow]{stayed.saga_id}[/] stays: {stayed.reason}")
        if done.stayed:
            raise CommandError(f"{done.moved} moved, {len(done.stayed)} stay")
        if not options["json"]:
            self.console.print(f"{done.moved} {'can be moved' if options['dry_run'] else 'moved'}")

    def rebuild(self, options: dict[str, Any]) -> None:
        """Restore one row from its history, and print what differed."""
        found = rebuilding.rebuild(
            rebuilding.named(identity(options["id"])),
            actor=options["actor"],
            reason=options["reason"],
            dry_run=options["dry_run"],
        )
        if options["json"]:
            self.stdout.write(printing.as_json(found))
        elif found:
            printing.print_differences(self.console, found)
            self.stdout.write("nothing was written" if options["dry_run"] else "the row is restored")
        else:
            self.stdout.write("the row stands where its history leads")

    def ask(self, verb: str, options: dict[str, Any]) -> None:
        """Ask one saga for something, and print the answer; a refusal fails."""
        saga = selectors.get_saga(identity(options["id"]))
        answer = requests.ask(
            saga_id=saga.id,
            kind=ASKED[verb][0],
            actor=options["actor"],
            reason=options["reason"],
            step=options.get("step"),
            idempotency_key=options["key"],
        )
        if not (answer.granted or answer.waits):
            raise CommandError(answer.message)
        self.stdout.write(printing.as_json(answer) if options["json"] else answer.message)

    def dead_letters(self, options: dict[str, Any]) -> None:
        """Print dead letters, or how many there are of each kind."""
        limit = None if options["summary"] else options["limit"]
        letters = dead_letters.list_dead_letters(wanted(options), limit=limit)
        if options["summary"] and options["json"]:
            counted = [(*kind, len(group)) for kind, group in printing.summary(letters)]
            columns = ("step", "direction", "error_class", "letters")
            self.stdout.write(printing.as_json([dict(zip(columns, row, strict=True)) for row in counted]))
        elif options["summary"]:
            printing.print_summary(self.console, letters)
        elif options["json"]:
            self.stdout.write(printing.as_json([printing.letter_fields(letter) for letter in letters]))
        else:
            printing.print_dead_letters(self.console, letters)

    def redrive(self, options: dict[str, Any]) -> None:
        """Ask for one more try of each dead letter, so many a second; a run broken off is gone on with by its name."""
        if options["per_second"] <= 0:
            raise CommandError("--per-second must be above zero")
        run = options["run"] or str(new_id())
        planned = redriving.plan(wanted(options), run=run, limit=options["limit"])
        if not options["dry_run"]:
            self.stderr.write(f"If this is broken off, go on with --run {run}")
        done = planned if options["dry_run"] else list(self.redriven(planned, run, options))
        if options["json"]:
            self.stdout.write(printing.as_json({"run": run, "dry_run": options["dry_run"], "letters": done}))
            return
        printing.print_redriven(self.console, done)
        granted = sum(one.granted for one in done)
        verb = "would retry" if options["dry_run"] else "retried"
        self.stdout.write(f"{verb} {granted} of {len(done)} dead letters")

    def redriven(
        self, planned: Sequence[redriving.Redriven], run: str, options: dict[str, Any]
    ) -> Iterator[redriving.Redriven]:
        return redriving.redrive(
            planned, run=run, actor=options["actor"], reason=options["reason"], per_second=options["per_second"]
        )

    def worker(self, options: dict[str, Any]) -> None:
        """Work on lanes until told to stop."""
        lanes = options["lanes"] or sorted(PARTICIPANTS)
        if unknown := [lane for lane in lanes if lane not in PARTICIPANTS]:
            raise CommandError(f"there is no lane {unknown[0]}; the lanes are {', '.join(sorted(PARTICIPANTS))}")
        versions.refuse_unsafe_start()
        serve_where_configured()
        worked = Worker(lanes).run(once=options["once"])
        self.stdout.write(f"worked on {worked} claims")


ASKED = {
    "cancel": ("cancel", "undo a saga that has not passed its pivot; the buyer reads the reason"),
    "force": ("force_compensate", "undo a saga on an operator's word, also a held one; the reason is for the house"),
    "pause": ("pause", "keep everybody off a saga"),
    "resume": ("resume", "let a paused saga go on"),
    "retry": ("retry", "try the current step at once, or the parked one named"),
    "skip": ("skip", "leave out a step after the pivot that is not critical"),
    "waive": ("waive", "give up a parked step: the first person proposes it, a second approves"),
}
"""The kind of request of each verb, and what it does."""
OF_A_STEP = ("retry", "skip", "waive")


def crossed(since: datetime | None, *, known: set[UUID], say: Callable[[str], object]) -> list[verification.Finding]:
    """Return where the apps' databases and the gateway disagree with sagas, saying how far it has got."""
    subject, rows = SUBJECTS["saga"], 0
    found: list[verification.Finding] = []
    for one in turns.whole(subject, since=first_id_of(since) if since else None):
        if one.findings is None:
            raise CommandError(f"{one.check} could not be judged: a database or the gateway is away")
        found += [
            verification.Finding(saga_id=finding.id, problem=f"{finding.invariant}: {finding.problem}")
            for finding in one.findings
            if finding.invariant != HISTORY or finding.id not in known
        ]
        if one.check == next(reversed(subject.checks)):
            rows += one.rows
            say(f"{rows} sagas compared")
    return found


HISTORY = "I8"
"""The invariant that replaying a history judges, with or without the other databases."""
WIDTH_ELSEWHERE = 160
"""Where no terminal tells its width: a pipe or a file."""
GRAPH_COLUMNS = ("state", "step", "kind", "service", "compensation")


def add_versions(verbs: Any) -> tuple[ArgumentParser, ArgumentParser]:
    """Add the verbs about versions of definitions: what there is, and moving from one to another."""
    telling = verbs.add_parser("versions", help="the definitions that are known or were released, and what lives")
    moving = verbs.add_parser("migrate", help="move the living sagas of one version of a definition to another")
    moving.add_argument("name", help="of the definition")
    moving.add_argument("--from", type=int, required=True, dest="before", help="the version they are of")
    moving.add_argument("--to", type=int, required=True, dest="after", help="the version they shall be of")
    moving.add_argument("--limit", type=int, help="at most so many")
    moving.add_argument("--dry-run", action="store_true", help="say which can be moved, and move none")
    return telling, moving


def identity(spelling: str) -> UUID:
    """Return the id that was typed, or say what is wrong with it."""
    try:
        return UUID(spelling)
    except ValueError:
        raise CommandError(
            f"{spelling!r} is no id: give a saga's or an order's id, as `saga list` shows them"
        ) from None


def wanted(options: dict[str, Any]) -> dead_letters.Letters:
    """Return which dead letters the options mean."""
    return dead_letters.Letters(
        saga_id=selectors.get_saga(identity(options["saga"])).id if options.get("saga") else None,
        step=options["step"],
        error_class=options["error_class"],
        text=options["error"],
        state=options.get("state", "open"),
    )


def drawn(what: str) -> tuple[Any, tuple[State, ...] | None]:
    """Return the definition of that name, or the one of a saga together with its states."""
    newest = [saga for (name, _), saga in sorted(SAGAS.items()) if name == what]
    if newest:
        return newest[-1], None
    try:
        view = selectors.get_saga(UUID(what))
    except ValueError:
        names = ", ".join(sorted({name for name, _ in SAGAS}))
        raise CommandError(f"there is no saga named {what!r}; the definitions are {names}") from None
    return definition(view.definition, view.version), tuple(State(step.state) for step in view.steps)
