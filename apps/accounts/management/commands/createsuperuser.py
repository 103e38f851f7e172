"""Django's createsuperuser, in the one database that has users."""

from django.contrib.auth.management.commands import createsuperuser
from django.core.management.base import CommandParser

from apps.core.commands import OperatorCommand


class Command(OperatorCommand, createsuperuser.Command):
    # Django would look in the database `default`, which is none.
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.set_defaults(database="accounts")
