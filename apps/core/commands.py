"""The base of the project's commands: what an operator gets wrong, or finds broken, is one sentence and exit code 1."""

import logging
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError

from .exceptions import DomainError


class OperatorCommand(BaseCommand):
    """A command whose foreseen troubles are sentences, never tracebacks."""

    def execute(self, *args: Any, **options: Any) -> str | None:
        """Run the command, turning refusals and unreachable databases into CommandError."""
        # The pool logs each of its tries; the sentence below says it once.
        logging.getLogger("psycopg.pool").setLevel(logging.CRITICAL)
        try:
            return super().execute(*args, **options)
        except DomainError as error:
            raise CommandError(error.message) from error
        except OperationalError as error:
            raise CommandError(
                f"a database is out of reach ({str(error).strip().splitlines()[0]}): "
                "start the servers with `manage.py services start`, or look at the <APP>_DATABASE_URL variables"
            ) from error
