"""`manage.py remove_stale_contenttypes`, in the database of the content types unless told otherwise."""

from django.contrib.contenttypes.management.commands import remove_stale_contenttypes
from django.contrib.contenttypes.models import ContentType
from django.core.management.base import CommandParser
from django.db import router


class Command(remove_stale_contenttypes.Command):
    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.set_defaults(database=router.db_for_write(ContentType))
