"""What a file came to, in numbers. The refused rows are in the scratch file: there may be many."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any
from uuid import UUID

from apps.catalog import services


@dataclass(slots=True)
class BulkReport:
    """
    What a file came to, or would come to where it `is_dry`.

    `changed` and `unchanged` count rows, `refused` those that are named. `change_id` puts the prices back, None where
    none changed. `passed_over` are the headers of columns that say nothing here. `is_refused` tells that nothing was
    written as a row was wrong and all or nothing was asked for.
    """

    file: str
    encoding: str
    encoding_note: str | None
    is_dry: bool
    rows: int = 0
    blank_rows: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0
    is_refused: bool = False
    change_id: UUID | None = None
    passed_over: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def add(self, results: Sequence[services.ItemResult]) -> None:
        """Count in what came of one chunk."""
        statuses = [result.status for result in results]
        self.changed += statuses.count(services.Status.CHANGED)
        self.unchanged += statuses.count(services.Status.UNCHANGED)

    def as_dict(self) -> dict[str, Any]:
        """Return the report as JSON values."""
        values = asdict(self) | {"seconds": round(self.seconds, 3)}
        return values | {"change_id": None if self.change_id is None else str(self.change_id)}
