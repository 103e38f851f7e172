"""What accounts tells about users."""

from typing import Any
from uuid import uuid4

import pytest

from apps.accounts import selectors
from apps.accounts.contracts import PostalAddress
from apps.accounts.models import Role, User, UserRole

from .factories import AddressFactory, UserFactory

pytestmark = pytest.mark.django_db(databases=["accounts"])


class TestGetUser:
    def test_finds_an_active_user(self, ada: User) -> None:
        assert selectors.get_user(user_id=ada.id) == ada

    def test_does_not_find_a_closed_account(self) -> None:
        with pytest.raises(selectors.UserNotFound):
            selectors.get_user(user_id=UserFactory.create(is_active=False).id)


class TestGetAddress:
    def test_is_a_value_that_later_changes_do_not_reach(self, ada: User) -> None:
        entry = AddressFactory.create(user=ada, label="Home")

        address = selectors.get_address(user_id=ada.id, address_id=entry.id)

        assert address == PostalAddress(
            name="Grace Hopper",
            line1="1600 Amphitheatre Parkway",
            city="Mountain View",
            region="CA",
            postal_code="94043",
            country="US",
        )

    def test_does_not_find_anothers(self, ada: User) -> None:
        with pytest.raises(selectors.AddressNotFound):
            selectors.get_address(user_id=ada.id, address_id=AddressFactory.create().id)


class TestListEmails:
    def test_reads_all_in_one_statement(self, ada: User, django_assert_num_queries: Any) -> None:
        other = UserFactory.create(is_active=False)

        with django_assert_num_queries(1, using="accounts"):
            emails = selectors.list_emails(user_ids=[ada.id, other.id, uuid4()])

        assert emails == {ada.id: "ada@example.org", other.id: other.email}

    def test_asks_nothing_for_nobody(self, django_assert_num_queries: Any) -> None:
        with django_assert_num_queries(0, using="accounts"):
            assert selectors.list_emails(user_ids=[]) == {}


class TestGetGrants:
    def test_joins_the_permissions_of_all_roles(self, django_assert_num_queries: Any) -> None:
        user = UserFactory.create(role="warehouse")
        UserRole.objects.create(user=user, role=Role.objects.get(name="finance"))

        with django_assert_num_queries(1, using="accounts"):
            grants = selectors.get_grants(user_id=user.id)

        assert grants.allow("inventory", "restock")
        assert grants.allow("orders", "refund")
        assert not grants.allow("orders", "cancel")
        assert not grants.everything

    def test_leaves_out_roles_that_are_not_active(self) -> None:
        user = UserFactory.create(role="finance")
        Role.objects.filter(name="finance").update(is_active=False)

        assert selectors.get_grants(user_id=user.id) == selectors.Grants()

    @pytest.mark.parametrize("fields", [{"role": "admin"}, {"is_superuser": True}])
    def test_grants_nothing_to_a_closed_account(self, fields: dict[str, Any]) -> None:
        user = UserFactory.create(is_active=False, **fields)

        assert selectors.get_grants(user_id=user.id) == selectors.Grants()

    def test_grants_everything_to_a_superuser(self) -> None:
        assert selectors.get_grants(user_id=UserFactory.create(is_superuser=True).id).everything


class TestGrants:
    def test_cover_what_they_hold_and_no_more(self) -> None:
        few = selectors.Grants(pairs=frozenset({("orders", "view")}))
        more = selectors.Grants(pairs=frozenset({("orders", "view"), ("orders", "refund")}))
        everything = selectors.Grants(everything=True)

        assert more.cover(few)
        assert few.cover(few)
        assert not few.cover(more)
        assert everything.cover(more)
        assert not more.cover(everything)
