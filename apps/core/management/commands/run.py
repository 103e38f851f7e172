"""`manage.py run`: the whole shop on one machine, from nothing to a served page, until Ctrl-C."""

import os
import shlex
import sys
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError
from django.db import router

from apps.core.exceptions import DomainError
from apps.core.metrics.exposition import fresh_folder
from apps.core.pools import close_connections
from apps.core.running import HOST, end_leftovers, free_port, keep, mark, port_from, stop_on_signals
from apps.core.schema.owned import database_aliases
from apps.core.services.addresses import HERE, embedded_databases
from apps.core.services.embedded import Servers
from apps.core.staff import ensure_staff_login

STAFF = "staff@example.com"


class Command(BaseCommand):
    help = "Start the servers, migrate, load the demo shop on the first start, and keep every process until Ctrl-C."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        stop_on_signals()
        try:
            if end_leftovers(HERE.state):
                self.stdout.write("Ended the processes of an earlier run that was killed.")
            port = port_from(os.environ.get("PORT", "8000"))
            with Servers(database_aliases(), say=self.stdout.write).in_use():
                self._prepare()
                self._welcome(port)
                code = self._keep(port)
        except DomainError as error:
            raise CommandError(error.message) from None
        except KeyboardInterrupt:
            return
        if code:
            raise CommandError(
                f"A process ended by itself, so all were stopped; its last lines are above (exit code {code})."
            )

    def _prepare(self) -> None:
        call_command("migrate", stdout=self.stdout)
        first, *arguments = settings.RUN_FIRST
        if first in get_commands() and not apps.get_model(settings.RUN_FIRST_UNLESS).objects.exists():
            call_command(first, *arguments, stdout=self.stdout)

    def _welcome(self, port: int) -> None:
        for name, path in settings.RUN_ADDRESSES.items():
            self.stdout.write(f"{name + ':':<10}http://{HOST}:{port}{path}")
        # On somebody else's database nobody gets a login by starting a program.
        if embedded_databases([router.db_for_write(get_user_model())]):
            login = ensure_staff_login(STAFF, HERE.state / "staff-password")
            self.stdout.write(f"{'Staff:':<10}{login.email}, password {login.password}")
        self.stdout.write("Ctrl-C stops everything.\n")

    def _keep(self, port: int) -> int:
        close_connections()
        values = {
            "python": shlex.quote(sys.executable),
            "port": port,
            "gateway_port": free_port(),
            "state": shlex.quote(str(HERE.state)),
        }
        commands = {name: command.format(**values) for name, command in settings.RUN_PROCESSES.items()}
        environment = (
            settings.RUN_ENVIRONMENT
            | mark(HERE.state)
            | {
                "DJANGO_SETTINGS_MODULE": os.environ["DJANGO_SETTINGS_MODULE"],
                "PROMETHEUS_MULTIPROC_DIR": str(fresh_folder(HERE.state / "metrics")),
            }
        )
        if os.environ.get("PAYMENT_GATEWAY_URL"):
            commands.pop("gateway", None)
        else:
            environment["PAYMENT_GATEWAY_URL"] = f"http://{HOST}:{values['gateway_port']}"
        return keep(commands, environment)
