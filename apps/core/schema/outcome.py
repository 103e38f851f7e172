"""What became of one database."""

from dataclasses import dataclass, field

Cell = str | int | float


@dataclass(frozen=True)
class Outcome:
    """
    The end of a run on one database.

    `applied` and `pending` count migrations (`pending` is None where the database could not be asked), `printed` is
    what Django said, `error` the reason of a failure in one clause, and `unapplied` that `--check` found work.
    """

    alias: str
    applied: int = 0
    pending: int | None = None
    seconds: float = 0.0
    printed: str = ""
    error: str = ""
    unapplied: bool = field(default=False)

    def row(self) -> list[str]:
        pending = "?" if self.pending is None else str(self.pending)
        return [self.alias, str(self.applied), pending, f"{self.seconds:.2f}", self.error]


def first_line(error: BaseException) -> str:
    """Return what an error says, as one clause."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[0].rstrip(".") if lines else type(error).__name__
