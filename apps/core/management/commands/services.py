"""`manage.py services start|stop|status|env`: the embedded servers of this checkout."""

import json
import os
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.core.exceptions import DomainError
from apps.core.schema.owned import database_aliases
from apps.core.services.addresses import HERE, Checkout, broker_url, database_url, database_variable, redis_url
from apps.core.services.embedded import Servers


class Command(BaseCommand):
    help = "Start, stop and describe the embedded PostgreSQL and Valkey of this checkout."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("action", choices=["start", "stop", "status", "env"])
        parser.add_argument("--json", action="store_true", help="print JSON (status)")
        parser.add_argument(
            "--postgres",
            type=Path,
            metavar="FOLDER",
            help="run a second set of servers, with the PostgreSQL programs in this folder",
        )

    def handle(self, *, action: str, postgres: Path | None, **options: Any) -> None:
        checkout = Checkout(variant="other-postgres") if postgres else HERE
        servers = Servers(database_aliases(), checkout, postgres, say=self.stdout.write)
        try:
            getattr(self, action)(servers, **options)
        except DomainError as error:
            raise CommandError(error.message) from None

    def start(self, servers: Servers, **options: Any) -> None:
        started = servers.start()
        self.stdout.write(f"Started {' and '.join(started)}." if started else "Nothing to start.")

    def stop(self, servers: Servers, **options: Any) -> None:
        stopped = servers.stop()
        self.stdout.write(f"Stopped {' and '.join(stopped)}." if stopped else "Nothing to stop.")

    def status(self, servers: Servers, **options: Any) -> None:
        rows = servers.status()
        if options["json"]:
            self.stdout.write(json.dumps([vars(row) for row in rows]))
            return
        for row in rows:
            state = f"running, process {row.pid}" if row.pid else "stopped" if row.needed else "not needed"
            self.stdout.write(f"{row.name}: {state}")

    def env(self, servers: Servers, **options: Any) -> None:
        """Print the variables that lead another program to the same servers."""
        addresses = {
            **{database_variable(alias): database_url(alias, checkout=servers.checkout) for alias in servers.databases},
            "REDIS_URL": redis_url(checkout=servers.checkout),
            "CELERY_BROKER_URL": broker_url(checkout=servers.checkout),
        }
        configured = os.environ if servers.checkout == HERE else {}
        for name, address in addresses.items():
            self.stdout.write(f"{name}={configured.get(name) or address}")
