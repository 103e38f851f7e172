"""Who may do what."""

import pytest

from apps.accounts import services
from apps.accounts.models import Permission, Role, User, UserRole

pytestmark = pytest.mark.django_db(databases=["accounts"])


class TestSetRoles:
    def test_gives_these_and_takes_the_others(self, ada: User) -> None:
        support, finance = (Role.objects.get(name=name) for name in ("support", "finance"))
        services.set_roles(user_id=ada.id, role_ids=[support.id])
        given_at = UserRole.objects.get(user=ada).created_at

        services.set_roles(user_id=ada.id, role_ids=[support.id, finance.id])

        assert {role.name for role in ada.roles.all()} == {"support", "finance"}
        assert UserRole.objects.get(user=ada, role=support).created_at == given_at

        services.set_roles(user_id=ada.id, role_ids=[])

        assert not ada.roles.exists()


class TestSetPermissions:
    def test_lets_the_role_grant_these_and_no_other(self) -> None:
        role = Role.objects.create(name="refunds")
        view, refund = (Permission.objects.get(name=name) for name in ("orders.view", "orders.refund"))
        services.set_permissions(role_id=role.id, permission_ids=[view.id])

        services.set_permissions(role_id=role.id, permission_ids=[refund.id])

        assert [permission.name for permission in role.permissions.all()] == ["orders.refund"]
