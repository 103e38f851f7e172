"""What the accounts database itself refuses and keeps."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import IntegrityError, connections, transaction

from apps.accounts.models import Address, Permission, Role, RolePermission, Session, User, UserRole
from apps.core.integrity import broken_constraint

from .factories import AddressFactory, UserFactory

pytestmark = pytest.mark.django_db(databases=["accounts"])
LONG_AGO = datetime(2001, 1, 1, tzinfo=UTC)


def execute(sql: str, *parameters: Any) -> None:
    with connections["accounts"].cursor() as cursor:
        cursor.execute(sql, parameters)


def refused(sql: str, *parameters: Any) -> str | None:
    """Return the constraint that refuses a statement."""
    with pytest.raises(IntegrityError) as refusal, transaction.atomic(using="accounts"):
        execute(sql, *parameters)
    return broken_constraint(refusal.value)


class TestUpdatedAtColumn:
    @pytest.mark.parametrize("table", ["users", "roles", "addresses"])
    def test_follows_every_update(self, table: str) -> None:
        row = AddressFactory.create()
        model: Any = {"users": User, "roles": Role, "addresses": Address}[table]
        rows = model.objects.all()

        rows.update(created_at=LONG_AGO, updated_at=LONG_AGO)

        # The trigger writes the transaction's time, which is also the time at which the row was made.
        assert set(rows.values_list("created_at", "updated_at")) == {(LONG_AGO, row.created_at)}


class TestUsers:
    INSERT = "INSERT INTO users (email, password_hash, first_name, last_name) VALUES (%s, '!', 'A', 'B')"

    def test_get_their_defaults_from_the_database(self) -> None:
        execute(self.INSERT, "raw@example.org")

        user = User.objects.get()
        assert user.id.version == 4
        assert (user.is_active, user.is_email_verified, user.is_two_factor_enabled, user.is_superuser) == (
            True,
            False,
            False,
            False,
        )
        assert user.created_at == user.updated_at

    def test_have_ids_that_rise_with_time_when_the_application_makes_them(self) -> None:
        first, second = UserFactory.create(), UserFactory.create()

        assert first.id.version == second.id.version == 7
        assert first.id < second.id

    def test_share_no_address_in_any_case(self) -> None:
        UserFactory.create(email="ada@example.org")

        assert refused(self.INSERT, "ada@example.org") == "users_email_key"
        assert refused(self.INSERT, "ADA@example.org") == "users_email_lower_key"


class TestPermissions:
    def test_name_a_resource_and_action_once(self) -> None:
        sql = "INSERT INTO permissions (name, resource, action) VALUES (%s, %s, %s)"

        assert refused(sql, "orders.refund", "x", "y") == "permissions_name_key"
        assert refused(sql, "another name", "orders", "refund") == "permissions_resource_action_key"


class TestSessions:
    def test_that_are_active_have_no_end(self) -> None:
        user = UserFactory.create()

        assert (
            refused("INSERT INTO sessions (user_id, jti, expires_at, ended_at) VALUES (%s, 'x', now(), now())", user.id)
            == "active_session_has_no_end"
        )


class TestAddresses:
    def test_have_one_default_a_user(self) -> None:
        home = AddressFactory.create(is_default_shipping=True, is_default_billing=True)
        other = AddressFactory.create(user=home.user)

        sql = "UPDATE addresses SET {} = true WHERE id = %s"
        assert refused(sql.format("is_default_shipping"), other.id) == "one_default_shipping_address_a_user"
        assert refused(sql.format("is_default_billing"), other.id) == "one_default_billing_address_a_user"

    def test_are_in_a_country_of_iso_3166(self) -> None:
        sql = "UPDATE addresses SET country = %s WHERE id = %s"

        assert refused(sql, "us", AddressFactory.create().id) == "address_country_is_iso_3166"


class TestRowsDieWithTheirOwner:
    def test_of_a_user(self) -> None:
        user = UserFactory.create(role="support")
        AddressFactory.create(user=user)
        Session.objects.create(user=user, jti="x", expires_at=LONG_AGO)
        user.reset_tokens.create(token="x", expires_at=LONG_AGO)

        execute("DELETE FROM users WHERE id = %s", user.id)

        assert not any(manager.exists() for manager in (UserRole.objects, Session.objects, Address.objects))
        assert Role.objects.filter(name="support").exists()

    def test_of_a_role_and_of_a_permission(self) -> None:
        UserFactory.create(role="support")

        execute("DELETE FROM roles WHERE name = 'support'")
        execute("DELETE FROM permissions WHERE name = 'orders.view'")

        assert not UserRole.objects.exists()
        assert not RolePermission.objects.filter(permission__name="orders.view").exists()
        assert User.objects.count() == 1

    def test_links_have_both_ends_as_their_key(self) -> None:
        user = UserFactory.create(role="support")
        role = Role.objects.get(name="support")

        sql = "INSERT INTO user_roles (user_id, role_id) VALUES (%s, %s)"
        assert refused(sql, user.id, role.id) == "user_roles_pkey"


class TestDefaultRoles:
    def test_grant_what_their_work_needs(self) -> None:
        granted = {
            role.name: {str(permission) for permission in role.permissions.all()}
            for role in Role.objects.prefetch_related("permissions")
        }

        assert set(granted) == {"customer", "support", "warehouse", "finance", "admin"}
        assert granted["customer"] == set()
        assert granted["admin"] == {str(permission) for permission in Permission.objects.all()}
        assert {"inventory.restock", "orders.fulfill"} <= granted["warehouse"]
        assert {"orders.refund", "payments.refund"} <= granted["finance"]
        assert "orders.refund" not in granted["support"]
