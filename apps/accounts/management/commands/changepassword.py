"""Django's changepassword, in the one database that has users; the user's sessions end, as with any new password."""

from typing import Any

from django.contrib.auth.management.commands import changepassword
from django.core.management.base import CommandParser

from apps.accounts import services
from apps.accounts.models import Session, User
from apps.core import clock
from apps.core.commands import OperatorCommand


class Command(OperatorCommand, changepassword.Command):
    # Django would look in the database `default`, which is none.
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.set_defaults(database="accounts")

    def handle(self, *args: Any, **options: Any) -> str:
        answer = str(super().handle(*args, **options))
        user = User.objects.get_by_natural_key(options["username"])
        services.end_sessions_of(user_id=user.pk, reason=Session.EndReason.CREDENTIALS_CHANGED, now=clock.now())
        return answer
