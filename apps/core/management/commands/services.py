"""`manage.py services start|stop|status|env`: the embedded servers of this checkout."""

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.core.exceptions import DomainError
from apps.core.services.addresses import broker_url, database_url, database_variable, redis_url
from apps.core.services.embedded import Servers


class Command(BaseCommand):
    help = "Start, stop and describe the embedded PostgreSQL and Valkey of this checkout."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("action", choices=["start", "stop", "status", "env"])
        parser.add_argument("--json", action="store_true", help="print JSON (status)")

    def handle(self, *, action: str, **options: Any) -> None:
        servers = Servers(databases=aliases(), say=self.stdout.write)
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
        for alias in servers.databases:
            self.stdout.write(f"{database_variable(alias)}={database_url(alias)}")
        self.stdout.write(f"REDIS_URL={redis_url()}")
        self.stdout.write(f"CELERY_BROKER_URL={broker_url()}")


def aliases() -> list[str]:
    """Return the aliases of the project's databases; the empty default is none."""
    return [alias for alias in settings.DATABASES if alias != "default"]
