"""`manage.py undo_prices CHANGE`: put back the prices that were changed together."""

import json
from typing import Any
from uuid import UUID

from django.core.management.base import CommandParser
from rich.console import Console

from apps.catalog import selectors, services
from apps.catalog.importing.progress import Progress
from apps.catalog.importing.screen import progress_bar
from apps.core.commands import OperatorCommand
from apps.core.ids import FIRST_ID

AT_ONCE = 5_000
MOST_NAMED = 20


class Command(OperatorCommand):
    help = "Put back the prices that one change gave, where they are still the new ones. What broke off goes on."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("change", type=UUID, help="the id that the change was reported with")
        parser.add_argument("--json", action="store_true", dest="as_json", help="print the result as JSON")

    def handle(self, *, change: UUID, as_json: bool, **options: Any) -> None:
        with progress_bar(Console(stderr=True)) as progress:
            restored, left = self.undo(change, progress)
        if as_json:
            names = [{"variant_id": str(item.variant_id), "sku": item.sku} for item in left]
            self.stdout.write(json.dumps({"restored": restored, "left": names}))
            return
        self.stdout.write(f"Put back: {restored:,}. Priced since, and left as they are: {len(left):,}.")
        for item in left[:MOST_NAMED]:
            self.stdout.write(f"  {item.sku or f'{item.variant_id}, which is gone'}")
        if len(left) > MOST_NAMED:
            self.stdout.write(f"  and {len(left) - MOST_NAMED:,} more; --json lists them all.")

    def undo(self, change_id: UUID, progress: Progress) -> tuple[int, list[services.UndoneItem]]:
        """Undo some thousands at a time, each a transaction of its own; return how many, and which were left."""
        total = selectors.get_price_change(change_id=change_id)["items_count"]
        left: list[services.UndoneItem] = []
        restored, after = 0, FIRST_ID
        while True:
            undone = services.undo_price_change(change_id=change_id, actor_id=None, after=after, at_most=AT_ONCE)
            if undone.last is None:
                return restored, left
            restored, after = restored + undone.restored, undone.last
            left += undone.left
            progress("undoing", restored + len(left), total)
