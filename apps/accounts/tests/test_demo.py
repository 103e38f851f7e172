"""The demo accounts: usable where they are allowed, and nowhere else."""

import json
from datetime import datetime
from io import StringIO

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command

from apps.accounts.demo import BUYER, CLERKS, PASSWORD, DemoAccountsRefused, load
from apps.accounts.models import Address, OutboxEvent, Role, User
from apps.accounts.services import Device, log_in

pytestmark = pytest.mark.django_db(databases=["accounts"])


def roles_of(email: str) -> list[str]:
    return list(Role.objects.filter(users__email=email).values_list("name", flat=True))


class TestLoad:
    def test_makes_a_login_for_each_default_role(self, now: datetime) -> None:
        assert load() == [*CLERKS, BUYER]

        assert {role for account in (*CLERKS, BUYER) for role in roles_of(account.email)} == set(
            Role.objects.values_list("name", flat=True)
        )
        for account in (*CLERKS, BUYER):
            assert roles_of(account.email) == [account.role]
            log_in(email=account.email, password=PASSWORD, device=Device(), now=now)

    def test_lets_clerks_into_the_back_office_and_the_customer_not(self) -> None:
        load()

        assert all(User.objects.get(email=clerk.email).is_staff for clerk in CLERKS)
        assert not User.objects.get(email=BUYER.email).is_staff
        assert not User.objects.filter(is_superuser=True).exists()

    def test_gives_the_customer_an_address(self) -> None:
        load()

        (address,) = Address.objects.filter(user__email="mara@example.com")
        assert (address.line1, address.city, address.is_default_shipping) == ("14 Harbor Street", "Rockport", True)

    def test_changes_nothing_the_second_time(self) -> None:
        load()
        User.objects.filter(email="otto@example.com").update(first_name="Otis")

        assert load() == []
        assert User.objects.count() == 5
        assert User.objects.get(email="otto@example.com").first_name == "Otis"
        assert OutboxEvent.objects.using("accounts").count() == 1

    def test_refuses_where_the_settings_do_not_allow_it(self, settings: LazySettings) -> None:
        settings.DEMO_ACCOUNTS = False

        with pytest.raises(DemoAccountsRefused):
            load()

        assert not User.objects.exists()


class TestTheCommand:
    def test_prints_the_logins_once(self) -> None:
        first, second = StringIO(), StringIO()

        call_command("load_demo_accounts", stdout=first)
        call_command("load_demo_accounts", stdout=second)

        assert [line.split() for line in first.getvalue().splitlines()][1] == ["admin", "ines@example.com", PASSWORD]
        assert second.getvalue() == "The demo accounts are there already.\n"

    def test_tells_programs(self) -> None:
        told = StringIO()

        call_command("load_demo_accounts", "--json", stdout=told)

        assert json.loads(told.getvalue())[4] == {
            "role": "customer",
            "email": "mara@example.com",
            "password": PASSWORD,
            "new": True,
        }

    def test_refuses_in_one_sentence(self, settings: LazySettings) -> None:
        settings.DEMO_ACCOUNTS = False

        with pytest.raises(CommandError, match="on a developer's machine only"):
            call_command("load_demo_accounts")
