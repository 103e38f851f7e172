"""One permission system: Django's has_perm, answered from the rows of roles and permissions."""

from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.models import AnonymousUser

from apps.accounts.models import User

from .factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db(databases=["accounts"])


class TestHasPerm:
    @pytest.mark.parametrize(
        ("perm", "allowed"),
        [
            ("orders.refund", True),  # as the rows have it
            ("orders.view_order", True),  # as the admin has it: resource of the app, action view
            ("orders.view_orderlineitem", True),
            ("orders.change_order", False),
            ("accounts.view_user", True),  # customers.view
            ("accounts.view_role", False),  # roles.view
            ("catalog.view_product", True),
            ("catalog.view_category", False),  # categories.view
            ("sagas.retry", True),
            ("payments.change_payment", True),
            ("unknown.view_thing", False),
            ("nonsense", False),
        ],
    )
    def test_of_finance_follows_its_rows(self, perm: str, allowed: bool) -> None:
        assert UserFactory.create(role="finance").has_perm(perm) is allowed

    def test_asks_the_database_once(self, django_assert_num_queries: Any) -> None:
        user = UserFactory.create(role="support")

        with django_assert_num_queries(1, using="accounts"):
            assert user.has_perms(["orders.view", "orders.cancel"])
            assert user.is_staff
            assert user.has_module_perms("orders")
            assert not user.has_perm("orders.refund")

    def test_is_everything_for_a_superuser(self) -> None:
        assert UserFactory.create(is_superuser=True).has_perm("anything.at_all")

    def test_is_nothing_for_customers_closed_accounts_and_guests(self) -> None:
        customer, closed = UserFactory.create(role="customer"), UserFactory.create(role="admin", is_active=False)

        for user in (customer, closed, AnonymousUser()):
            assert not user.has_perm("orders.view")
            assert not user.has_module_perms("orders")
        assert not customer.is_staff

    def test_opens_the_back_office_to_every_default_role_of_staff(self) -> None:
        assert all(UserFactory.create(role=name).is_staff for name in ("support", "warehouse", "finance", "admin"))


class TestHasModulePerms:
    def test_shows_the_apps_one_may_do_something_in(self) -> None:
        warehouse = UserFactory.create(role="warehouse")

        apps = ("accounts", "catalog", "orders", "payments", "sagas", "notifications")
        assert [app for app in apps if warehouse.has_module_perms(app)] == ["catalog", "orders"]


class TestAuthenticate:
    def test_knows_the_password_and_the_address_in_any_case(self, ada: User) -> None:
        assert authenticate(username="ADA@example.org", password=PASSWORD) == ada

    def test_refuses_a_wrong_password_and_a_closed_account(self, ada: User) -> None:
        UserFactory.create(email="closed@example.org", is_active=False)

        assert authenticate(username=ada.email, password="wrong") is None
        assert authenticate(username="closed@example.org", password=PASSWORD) is None
