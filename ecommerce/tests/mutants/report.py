"""What became of the mutants: a table for the terminal, and one in Markdown for the documentation."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.table import Table

from .bench import Run
from .ladder import NAMES, ladder_of
from .mutant import ROOT, Mutant

DOCS = ROOT / "docs" / "reliability.md"
BEGIN, END = "<!-- mutants -->\n", "<!-- end of mutants -->\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What became of a mutant: the layers that let it pass, and the one that caught it."""

    mutant: Mutant
    passed: tuple[str, ...]
    caught: str | None
    run: Run
    seconds: float

    @property
    def noticed(self) -> str:
        """The test that noticed: its module, class and name."""
        return " ".join(Path(self.run.failed or "").name.replace(".py", "").split("::"))


def table(findings: Sequence[Finding]) -> Table:
    """Return every mutant with a word for each layer."""
    shown = Table(box=None, header_style="bold", pad_edge=False)
    for head in ("mutant", *NAMES, "the test that noticed"):
        shown.add_column(head, overflow="fold")
    for finding in findings:
        shown.add_row(finding.mutant.name, *_cells(finding), finding.noticed)
    return shown


def _cells(finding: Finding) -> list[str]:
    """Return one word a layer: caught, passed, cannot see it, or not asked any more."""
    seen = {layer.name for rung in ladder_of(finding.mutant) for layer in rung}
    return [
        "[bold green]caught[/]"
        if name == finding.caught
        else "passed"
        if name in finding.passed
        else ""
        if name in seen
        else "blind"
        for name in NAMES
    ]


def markdown(findings: Sequence[Finding]) -> list[str]:
    """Return the lines of a table by layer: who caught what, and what nobody caught."""
    rows = [row for name in (*NAMES, None) for row in _rows(name, findings)]
    return ["| caught by | the engine ... | the test that noticed |", "|---|---|---|", *rows]


def _rows(layer: str | None, findings: Sequence[Finding]) -> Iterator[str]:
    for finding in findings:
        if finding.caught == layer:
            noticed = f"`{finding.noticed}`" if layer else ""
            yield f"| {layer or '**nobody**'} | {finding.mutant.name} | {noticed} |"


def write(page: Path, lines: Sequence[str]) -> None:
    """Put these lines where a page has the table; raises ValueError where it has no place for it."""
    before, begin, rest = page.read_text().partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"{page} has no place for the mutants")
    page.write_text(f"{before}{BEGIN}" + "".join(f"{line}\n" for line in lines) + f"{END}{after}")
