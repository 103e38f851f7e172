"""The demonstration on the terminal."""

from collections.abc import Sequence
from decimal import Decimal

from rich.box import ROUNDED
from rich.console import Console
from rich.markup import escape
from rich.panel import Panel
from rich.rule import Rule
from rich.table import Table

from apps.catalog.selectors import StockCount
from apps.core.money import formatted
from apps.sagas.console import coloured, print_saga

from .callers import Call
from .evidence import Evidence, SeenMail
from .last_piece import Race

STATUS_COLOURS = {2: "green", 4: "yellow", 5: "red"}
MAIL_LINES = 30


class Teller:
    """Prints the journey as it happens; on a quiet console, nothing."""

    def __init__(self, console: Console) -> None:
        self.console = console

    def title(self, url: str) -> None:
        self.console.print(
            Panel(
                f"[bold]Three orders, five databases, one saga each[/]\n{url}, over HTTP as any client would",
                box=ROUNDED,
                border_style="cyan",
                expand=False,
                padding=(1, 4),
            )
        )

    def act(self, number: int, title: str) -> None:
        self.console.print()
        self.console.print(Rule(f"[bold]{number}  {title}[/]", align="left", style="cyan"))

    def say(self, sentence: str) -> None:
        self.console.print(f"  [italic]{escape(sentence)}[/]")

    def heard(self, name: str, call: Call) -> None:
        """Print one request on one line."""
        colour = STATUS_COLOURS.get(call.status // 100, "red")
        request = f"{call.method:<4} {call.short_path}"
        self.console.print(
            f"  [dim]{request:<40}[/] [{colour}]{call.status}[/] [dim]{call.milliseconds:>6.0f} ms[/]  "
            f"[bold]{name}[/] {escape(call.told)}"
        )

    def evidence(self, evidence: Evidence) -> None:
        """Print a saga with its history, then what each database says."""
        self.console.print()
        print_saga(self.console, evidence.saga)
        self.console.print()
        self.records(evidence)
        for mail in evidence.mails:
            self.mail(mail)

    def records(self, evidence: Evidence) -> None:
        order = evidence.order
        table = Table("database", "what it says now", box=None, header_style="bold", padding=(0, 2, 0, 0))
        table.add_row("orders", f"{order['order_number']}: {coloured(order['status'])}, {order['financial_status']}")
        for was, now in zip(evidence.before, evidence.after, strict=True):
            table.add_row("catalog", stock_change(was, now))
        moved = ", ".join(f"{m.kind} {m.quantity:+d} {m.sku}" for m in evidence.movements)
        table.add_row("", f"ledger of stock: {moved or 'nothing moved'}")
        money = ", ".join(f"{m.kind} {formatted(m.amount, m.currency)} {m.currency}" for m in evidence.money)
        table.add_row("payments", f"ledger of money: {money or 'nothing moved'}")
        mails = ", ".join(f"{mail.subject!r} to {mail.recipient}: {mail.state}" for mail in evidence.mails)
        table.add_row("notifications", escape(mails) or "no mail")
        self.console.print(table)

    def mail(self, mail: SeenMail) -> None:
        lines = mail.text.strip().splitlines()
        text = "\n".join(lines[:MAIL_LINES]) + ("\n…" if len(lines) > MAIL_LINES else "")
        self.console.print()
        self.console.print(
            Panel(
                escape(text), title=escape(mail.subject), title_align="left", box=ROUNDED, expand=False, padding=(1, 2)
            )
        )

    def race(self, found: Race) -> None:
        """Print the race for the last piece: who got it, and the saga of one who did not."""
        self.say(
            f"One order is confirmed; refused in their sagas: {found.refused_in_sagas}; turned away at the till: "
            f"{found.refused_at_the_till}. Nobody paid for what is not there. Here is one that was refused:"
        )
        self.evidence(found.refused)

    def end(self, orders: Sequence[Evidence], books: Sequence[str]) -> None:
        """Print every order on one line, and what the auditors say."""
        self.console.print()
        self.console.print(Rule("[bold]What is left[/]", align="left", style="cyan"))
        table = Table(
            "order", "status", "why", "total", "taken", "sold", "mails", "saga", box=None, header_style="bold"
        )
        for evidence in orders:
            table.add_row(*row_of(evidence))
        self.console.print(table)
        self.console.print()
        for line in books:
            self.console.print(f"  [green]{escape(line)}[/]")


def row_of(evidence: Evidence) -> tuple[str, ...]:
    order, saga = evidence.order, evidence.saga
    taken = sum((line.amount for line in evidence.money), Decimal(0))
    seconds = (saga.finished_at - saga.created_at).total_seconds() if saga.finished_at else 0
    return (
        order["order_number"],
        coloured(order["status"]),
        order["failure_code"] or "",
        f"{order['total_price']} {order['currency']}",
        formatted(taken, order["currency"]),
        str(-sum(movement.quantity for movement in evidence.movements)),
        str(len(evidence.mails)),
        f"{saga.status} in {seconds:.2f} s",
    )


def stock_change(was: StockCount, now: StockCount) -> str:
    """Say how many pieces of a variant can be sold, before and after, and how many are held."""
    return f"{was.sku}: {was.sellable} could be sold, now {now.sellable}; {now.held} held"
