"""Django's commands about users, in the database that has them."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command, get_commands

from apps.accounts.models import User

pytestmark = pytest.mark.django_db(databases=["accounts"])


class TestCreatesuperuser:
    def create(self, email: str) -> None:
        call_command("createsuperuser", interactive=False, email=email, stdout=StringIO())

    def test_writes_to_accounts(self) -> None:
        self.create("Root@Example.org")

        user = User.objects.get()
        assert (user.email, user.is_superuser, user.is_staff, user.is_active) == ("root@example.org", True, True, True)

    def test_says_that_an_address_is_taken(self, ada: User) -> None:
        with pytest.raises(CommandError, match="already taken"):
            self.create("ADA@example.org")


class TestChangepassword:
    def test_is_ours(self) -> None:
        assert get_commands()["changepassword"] == "apps.accounts"
