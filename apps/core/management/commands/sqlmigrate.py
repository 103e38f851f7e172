"""`manage.py sqlmigrate APP MIGRATION`, for the database that owns the app unless told otherwise."""

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.core.management.commands import sqlmigrate

from apps.core.schema.owned import owners_of


class Command(sqlmigrate.Command):
    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.set_defaults(database=None)

    def execute(self, *args: Any, **options: Any) -> str | None:
        if options["database"] is None:
            try:
                options["database"] = owners_of(options["app_label"])[0]
            except LookupError as error:
                raise CommandError(str(error)) from None
        return super().execute(*args, **options)
