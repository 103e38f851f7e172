"""The back office of accounts."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.test import Client

from apps.accounts.models import Address, Permission, Role, Session, User
from apps.core.testing.statements import captured

from .factories import PASSWORD, AddressFactory, UserFactory

pytestmark = pytest.mark.django_db(databases=["accounts"])


def office(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def boss() -> Client:
    return office(UserFactory.create(email="boss@example.org", is_superuser=True))


@pytest.fixture
def support() -> Client:
    return office(UserFactory.create(email="support@example.org", role="support"))


def session_of(user: User) -> Session:
    return Session.objects.create(user=user, jti=user.email, expires_at=datetime.now(UTC) + timedelta(days=1))


def queries(client: Client, url: str) -> int:
    with captured("accounts") as ran:
        assert client.get(url).status_code == 200
    return len(ran["accounts"])


class TestSignIn:
    def test_lets_staff_in_by_address_and_password(self) -> None:
        UserFactory.create(email="support@example.org", role="support")
        client = Client()

        response = client.post(
            "/admin/login/", {"username": "Support@example.org", "password": PASSWORD, "next": "/admin/"}
        )

        assert response.headers["Location"] == "/admin/"
        assert client.get("/admin/accounts/user/").status_code == 200
        assert User.objects.get().last_login is not None

    def test_keeps_customers_out(self, ada: User) -> None:
        response = Client().post("/admin/login/", {"username": ada.email, "password": PASSWORD})

        assert response.status_code == 200
        assert "staff account" in response.content.decode()

    def test_shows_each_only_what_they_may_see(self) -> None:
        warehouse = office(UserFactory.create(role="warehouse"))

        assert warehouse.get("/admin/accounts/user/").status_code == 403
        assert warehouse.get("/admin/accounts/role/").status_code == 403

    def test_has_no_groups(self) -> None:
        assert not admin.site.is_registered(Group)


class TestLists:
    @pytest.mark.parametrize("path", ["user", "session", "address", "role"])
    def test_need_as_many_queries_for_many_rows_as_for_one(self, boss: Client, path: str) -> None:
        url = f"/admin/accounts/{path}/"
        self.add_rows(1)
        few = queries(boss, url)

        self.add_rows(10)

        assert queries(boss, url) == few

    def add_rows(self, count: int) -> None:
        for _ in range(count):
            user = UserFactory.create(role="support")
            session_of(user)
            AddressFactory.create(user=user)
            Role.objects.create(name=user.email)

    def test_find_users_by_address(self, boss: Client, ada: User) -> None:
        UserFactory.create(email="grace@example.org")

        page = boss.get("/admin/accounts/user/?q=ada@").content.decode()

        assert "ada@example.org" in page
        assert "grace@example.org" not in page


class TestUsers:
    def form(self, user: User, **changes: Any) -> dict[str, Any]:
        fields = {"email": user.email, "first_name": user.first_name, "last_name": user.last_name, "is_active": "on"}
        return fields | changes

    def change(self, client: Client, user: User, **changes: Any) -> int:
        response = client.post(f"/admin/accounts/user/{user.pk}/change/", self.form(user, **changes))
        return response.status_code

    def test_are_added_with_a_password(self, boss: Client) -> None:
        page = boss.get("/admin/accounts/user/add/")
        response = boss.post(
            "/admin/accounts/user/add/",
            {
                "email": "New@Example.org",
                "first_name": "Neu",
                "last_name": "Ling",
                "usable_password": "true",
                "password1": "a long new secret",
                "password2": "a long new secret",
            },
        )

        assert (page.status_code, response.status_code) == (200, 302)
        user = User.objects.get(email="new@example.org")
        assert user.check_password("a long new secret")

    def test_get_their_roles(self, boss: Client, ada: User) -> None:
        roles = Role.objects.filter(name__in=["support", "finance"])
        assert boss.get(f"/admin/accounts/user/{ada.pk}/change/").status_code == 200

        assert self.change(boss, ada, held_roles=[str(role.pk) for role in roles]) == 302
        assert {role.name for role in ada.roles.all()} == {"support", "finance"}

        assert self.change(boss, ada) == 302
        assert ada.roles.count() == 0

    def test_may_be_changed_but_not_promoted_by_support(self, support: Client, ada: User) -> None:
        admin_role = Role.objects.get(name="admin")

        status = self.change(support, ada, first_name="Augusta", held_roles=[str(admin_role.pk)], is_superuser="on")

        ada.refresh_from_db()
        assert (status, ada.first_name, ada.is_superuser, ada.roles.count()) == (302, "Augusta", False, 0)

    @pytest.mark.parametrize("stronger", [{"role": "admin"}, {"role": "finance"}, {"is_superuser": True}])
    def test_who_may_do_more_are_out_of_reach_of_support(self, support: Client, stronger: dict[str, Any]) -> None:
        user = UserFactory.create(first_name="Grace", **stronger)

        status = self.change(support, user, first_name="Mallory")
        password = support.post(f"/admin/accounts/user/{user.pk}/password/", self.new_password())

        user.refresh_from_db()
        assert (status, password.status_code, user.first_name) == (403, 403, "Grace")
        assert user.check_password(PASSWORD)

    def test_lose_their_sessions_with_their_password(self, boss: Client, ada: User) -> None:
        session_of(ada)
        assert boss.get(f"/admin/accounts/user/{ada.pk}/password/").status_code == 200

        response = boss.post(f"/admin/accounts/user/{ada.pk}/password/", self.new_password())

        ada.refresh_from_db()
        assert response.status_code == 302
        assert ada.check_password("a long new secret")
        assert Session.objects.get().end_reason == "credentials_changed"

    def test_lose_their_sessions_when_closed(self, boss: Client, ada: User) -> None:
        session_of(ada)

        self.change(boss, ada, is_active="")

        ada.refresh_from_db()
        assert not ada.is_active
        assert Session.objects.get().end_reason == "account_closed"

    def test_are_never_deleted(self, boss: Client, ada: User) -> None:
        assert boss.post(f"/admin/accounts/user/{ada.pk}/delete/", {"post": "yes"}).status_code == 403
        assert User.objects.filter(pk=ada.pk).exists()

    def new_password(self) -> dict[str, str]:
        return {"password1": "a long new secret", "password2": "a long new secret", "usable_password": "true"}


class TestRoles:
    def test_are_made_of_permissions(self, boss: Client) -> None:
        refund = Permission.objects.get(name="orders.refund")
        assert boss.get("/admin/accounts/role/add/").status_code == 200

        response = boss.post(
            "/admin/accounts/role/add/", {"name": "refunds", "is_active": "on", "granted": [str(refund.pk)]}
        )

        assert response.status_code == 302
        role = Role.objects.get(name="refunds")
        assert [str(permission) for permission in role.permissions.all()] == ["orders.refund"]
        assert boss.get(f"/admin/accounts/role/{role.pk}/change/").status_code == 200


class TestSessions:
    def test_are_ended_but_never_edited(self, support: Client, ada: User) -> None:
        session = session_of(ada)
        url = "/admin/accounts/session/"

        response = support.post(url, {"action": "revoke", "_selected_action": [str(session.pk)]}, follow=True)

        session.refresh_from_db()
        assert "Sessions ended: 1." in response.content.decode()
        assert (session.is_active, session.end_reason) == (False, "revoked")
        page = support.get(f"{url}{session.pk}/change/").content.decode()
        assert 'name="_save"' not in page
        assert support.get(f"{url}add/").status_code == 403

    def test_are_ended_only_by_who_may(self, ada: User) -> None:
        finance = office(UserFactory.create(role="finance"))
        session = session_of(ada)

        finance.post("/admin/accounts/session/", {"action": "revoke", "_selected_action": [str(session.pk)]})

        session.refresh_from_db()
        assert session.is_active


class TestAddresses:
    def test_are_held_against_their_countrys_rules(self, boss: Client, ada: User) -> None:
        fields = {"user": str(ada.pk), "name": "Ada", "line1": "1 Main St", "city": "Austin", "country": "US"}
        url = "/admin/accounts/address/add/"

        refused = boss.post(url, fields | {"region": "Texas", "postal_code": "10001"})
        taken = boss.post(url, fields | {"region": "Texas", "postal_code": "78701"})

        assert "There is no such postal code in that part of US." in refused.content.decode()
        assert taken.status_code == 302
        assert Address.objects.get().region == "TX"
