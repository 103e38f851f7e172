"""`manage.py run`: the whole shop on one machine, from nothing to a served page, until Ctrl-C."""

import json
import os
import shlex
import sys
from io import StringIO
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from apps.core.exceptions import DomainError
from apps.core.metrics.exposition import FOLDER, fresh_folder
from apps.core.pools import close_connections
from apps.core.running import HOST, end_leftovers, keep, mark, port_from, stop_on_signals, usual_or_free_port
from apps.core.schema.owned import database_aliases
from apps.core.services.addresses import HERE
from apps.core.services.embedded import Servers
from apps.core.terminal import print_table


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
        if not apps.get_model(settings.RUN_FIRST_UNLESS).objects.exists():
            call_command(settings.RUN_FIRST, stdout=self.stdout)

    def _welcome(self, port: int) -> None:
        """Print where to look, and with which logins, where the settings name a command that tells them."""
        addresses = [(name, f"http://{HOST}:{port}{path}") for name, path in settings.RUN_ADDRESSES.items()]
        print_table(self.stdout, ["", ""], addresses)
        if settings.RUN_LOGINS:
            printed = StringIO()
            call_command(settings.RUN_LOGINS, "--json", stdout=printed)
            logins = [(login["role"], login["email"], login["password"]) for login in json.loads(printed.getvalue())]
            print_table(self.stdout, ["login", "e-mail", "password"], logins)
        self.stdout.write("Ctrl-C stops everything.\n")

    def _keep(self, port: int) -> int:
        close_connections()
        values = {"python": shlex.quote(sys.executable), "port": port, "state": shlex.quote(str(HERE.state))}
        values |= {name: usual_or_free_port(usual) for name, usual in settings.RUN_PORTS.items()}
        commands, environment = (
            {name: text.format(**values) for name, text in texts.items()}
            for texts in (settings.RUN_PROCESSES, settings.RUN_ENVIRONMENT)
        )
        shared = {FOLDER: str(fresh_folder(HERE.state / "metrics"))}
        return keep(commands, environment | mark(HERE.state) | shared)
